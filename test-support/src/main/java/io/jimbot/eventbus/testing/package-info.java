/**
 * What tests of several modules share: the captured traffic of the real mod, and an exact
 * comparison of JSON.
 */
@NullMarked
package io.jimbot.eventbus.testing;

import org.jspecify.annotations.NullMarked;
