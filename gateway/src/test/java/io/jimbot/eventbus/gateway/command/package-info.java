@NullMarked
package io.jimbot.eventbus.gateway.command;

import org.jspecify.annotations.NullMarked;
