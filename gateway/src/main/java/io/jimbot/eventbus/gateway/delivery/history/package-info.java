/** Reading back what the log still holds, a page at a time. */
@NullMarked
package io.jimbot.eventbus.gateway.delivery.history;

import org.jspecify.annotations.NullMarked;
