@NullMarked
package io.jimbot.eventbus.service.process;

import org.jspecify.annotations.NullMarked;
