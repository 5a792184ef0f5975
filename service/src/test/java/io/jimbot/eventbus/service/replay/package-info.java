@NullMarked
package io.jimbot.eventbus.service.replay;

import org.jspecify.annotations.NullMarked;
