/** Reading back what was kept, a page at a time. */
@NullMarked
package io.jimbot.eventbus.gateway.delivery.history;

import org.jspecify.annotations.NullMarked;
