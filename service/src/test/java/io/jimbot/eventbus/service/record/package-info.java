@NullMarked
package io.jimbot.eventbus.service.record;

import org.jspecify.annotations.NullMarked;
