/** Tests of the catalogue. */
@NullMarked
package io.jimbot.eventbus.service.catalogue;

import org.jspecify.annotations.NullMarked;
