@NullMarked
package io.jimbot.eventbus.service.deadletter;

import org.jspecify.annotations.NullMarked;
