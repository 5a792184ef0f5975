@NullMarked
package io.jimbot.eventbus.service.kept;

import org.jspecify.annotations.NullMarked;
