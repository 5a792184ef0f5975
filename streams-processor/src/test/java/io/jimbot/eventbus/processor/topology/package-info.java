@NullMarked
package io.jimbot.eventbus.processor.topology;

import org.jspecify.annotations.NullMarked;
