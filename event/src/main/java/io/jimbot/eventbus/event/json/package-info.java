/**
 * JSON in every dialect that producers send, to and from the Protobuf event, without loss.
 *
 * <p>The way in is one pass of {@link JsonCursor} over the bytes that writes the Protobuf encoding
 * directly, with no tree and no message object between; the way out walks the message. Both are
 * driven by the message descriptors: the {@code .proto} files alone say which key has which field.
 * Nothing here starts a thread or does I/O. May use the package {@code event}.
 */
@NullMarked
package io.jimbot.eventbus.event.json;

import org.jspecify.annotations.NullMarked;
