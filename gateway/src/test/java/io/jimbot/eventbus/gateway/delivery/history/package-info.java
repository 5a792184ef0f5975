@NullMarked
package io.jimbot.eventbus.gateway.delivery.history;

import org.jspecify.annotations.NullMarked;
