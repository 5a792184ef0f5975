/** The catalogue: which events there are, and how long they are kept. */
@NullMarked
package io.jimbot.eventbus.service.catalogue;

import org.jspecify.annotations.NullMarked;
