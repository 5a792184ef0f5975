@NullMarked
package io.jimbot.eventbus.gateway.replay;

import org.jspecify.annotations.NullMarked;
