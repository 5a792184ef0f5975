package io.jimbot.eventbus.gateway.grpc;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Writes the messages of subscriptions; deliveries without building a message of them. */
public final class OutboundMarshaller implements Marshaller<OutboundMessage> {

  @Override
  public InputStream stream(OutboundMessage message) {
    if (message instanceof OutboundMessage.Events events) {
      return new DeliveriesStream(new DeliveriesEncoding(events));
    }
    OutboundMessage.Other other = (OutboundMessage.Other) message;
    return ProtoUtils.marshaller(other.message()).stream(other.message());
  }

  /** The server only writes them. */
  @Override
  public OutboundMessage parse(InputStream stream) {
    throw new UnsupportedOperationException("responses are not read here");
  }

  /** What gRPC asks for: its transport drains it straight into its buffers. */
  private static final class DeliveriesStream extends InputStream
      implements Drainable, KnownLength {

    /** Large enough that events of the usual size are written in one piece. */
    private static final int BUFFER_BYTES = 4096;

    private final DeliveriesEncoding encoding;
    private boolean drained;

    DeliveriesStream(DeliveriesEncoding encoding) {
      this.encoding = encoding;
    }

    @Override
    public int available() {
      return drained ? 0 : encoding.size();
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      CodedOutputStream out =
          CodedOutputStream.newInstance(target, Math.min(BUFFER_BYTES, encoding.size()));
      encoding.writeTo(out);
      out.flush();
      drained = true;
      return encoding.size();
    }

    /** gRPC drains what can be drained. */
    @Override
    public int read() throws IOException {
      throw new IOException("this stream is to be drained");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return read();
    }
  }
}
