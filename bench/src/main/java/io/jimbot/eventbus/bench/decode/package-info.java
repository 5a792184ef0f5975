/** What reading a body and writing it back costs by itself: CPU time and allocated bytes. */
@NullMarked
package io.jimbot.eventbus.bench.decode;

import org.jspecify.annotations.NullMarked;
