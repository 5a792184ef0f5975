package io.jimbot.eventbus.gateway.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.jimbot.eventbus.event.EventCatalogue;
import io.jimbot.eventbus.event.EventType;
import io.jimbot.eventbus.gateway.delivery.Subscriptions;
import io.jimbot.eventbus.gateway.grpc.Refusals.Violation;
import io.jimbot.eventbus.gateway.ingest.Outcome;
import io.jimbot.eventbus.service.record.TopicPattern;
import io.jimbot.events.v1.AcknowledgeRequest;
import io.jimbot.events.v1.AcknowledgeResponse;
import io.jimbot.events.v1.Event;
import io.jimbot.events.v1.EventBusGrpc;
import io.jimbot.events.v1.ListTopicsRequest;
import io.jimbot.events.v1.ListTopicsResponse;
import io.jimbot.events.v1.PublishEventRequest;
import io.jimbot.events.v1.PublishEventResponse;
import io.jimbot.events.v1.PublishEventsRequest;
import io.jimbot.events.v1.PublishEventsResponse;
import io.jimbot.events.v1.StreamEventsRequest;
import io.jimbot.events.v1.StreamEventsResponse;
import io.jimbot.events.v1.SubscribeEventsRequest;
import io.jimbot.events.v1.SubscribeEventsResponse;
import io.jimbot.events.v1.TopicInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code jimbot.events.v1.EventBus}. The descriptors are the generated ones but for the responses
 * of the two subscribing methods, which are written without building a message of each event.
 */
final class EventBusService {

  private static final OutboundStream.Words SUBSCRIBE =
      new OutboundStream.Words(
          heartbeat -> SubscribeEventsResponse.newBuilder().setHeartbeat(heartbeat).build(),
          drain -> SubscribeEventsResponse.newBuilder().setDrain(drain).build());
  static final OutboundStream.Words STREAM =
      new OutboundStream.Words(
          heartbeat -> StreamEventsResponse.newBuilder().setHeartbeat(heartbeat).build(),
          drain -> StreamEventsResponse.newBuilder().setDrain(drain).build());

  private final Publishing publishing;
  private final Subscriptions subscriptions;
  private final OpenStreams streams;
  private final StreamSurroundings surroundings;
  private final Cancelling cancelling;
  private final EventCatalogue catalogue;

  EventBusService(
      Publishing publishing,
      Subscriptions subscriptions,
      OpenStreams streams,
      StreamSurroundings surroundings,
      Cancelling cancelling,
      EventCatalogue catalogue) {
    this.publishing = publishing;
    this.subscriptions = subscriptions;
    this.streams = streams;
    this.surroundings = surroundings;
    this.cancelling = cancelling;
    this.catalogue = catalogue;
  }

  ServerServiceDefinition definition() {
    MethodDescriptor<SubscribeEventsRequest, OutboundMessage> subscribe =
        outbound(EventBusGrpc.getSubscribeEventsMethod());
    MethodDescriptor<StreamEventsRequest, OutboundMessage> stream =
        outbound(EventBusGrpc.getStreamEventsMethod());
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(EventBusGrpc.SERVICE_NAME)
            .setSchemaDescriptor(EventBusGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(EventBusGrpc.getPublishEventMethod())
            .addMethod(EventBusGrpc.getPublishEventsMethod())
            .addMethod(EventBusGrpc.getCancelEventMethod())
            .addMethod(subscribe)
            .addMethod(stream)
            .addMethod(EventBusGrpc.getAcknowledgeMethod())
            .addMethod(EventBusGrpc.getListTopicsMethod())
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(
            EventBusGrpc.getPublishEventMethod(), ServerCalls.asyncUnaryCall(this::publishEvent))
        .addMethod(
            EventBusGrpc.getPublishEventsMethod(), ServerCalls.asyncUnaryCall(this::publishEvents))
        .addMethod(
            EventBusGrpc.getCancelEventMethod(), ServerCalls.asyncUnaryCall(cancelling::cancel))
        .addMethod(subscribe, ServerCalls.asyncServerStreamingCall(this::subscribeEvents))
        .addMethod(stream, ServerCalls.asyncBidiStreamingCall(this::streamEvents))
        .addMethod(
            EventBusGrpc.getAcknowledgeMethod(), ServerCalls.asyncUnaryCall(this::acknowledge))
        .addMethod(EventBusGrpc.getListTopicsMethod(), ServerCalls.asyncUnaryCall(this::listTopics))
        .build();
  }

  private static <Q extends MessageLite, A extends MessageLite>
      MethodDescriptor<Q, OutboundMessage> outbound(MethodDescriptor<Q, A> generated) {
    return generated.toBuilder(generated.getRequestMarshaller(), new OutboundMarshaller()).build();
  }

  private void publishEvent(
      PublishEventRequest request, StreamObserver<PublishEventResponse> answer) {
    Event event = request.getEvent();
    var unused =
        publishing
            .publish(
                List.of(event),
                false,
                request.getOrderingKey(),
                AskedTiming.of(request),
                Caller.current())
            .thenApply(outcomes -> publishing.answer(event, outcomes.get(0)))
            .whenComplete((response, failure) -> complete(response, failure, answer));
  }

  private void publishEvents(
      PublishEventsRequest request, StreamObserver<PublishEventsResponse> answer) {
    var unused =
        publishing
            .publish(
                request.getEventsList(),
                true,
                request.getOrderingKey(),
                AskedTiming.of(request),
                Caller.current())
            .thenApply(outcomes -> results(request, outcomes))
            .whenComplete((response, failure) -> complete(response, failure, answer));
  }

  private PublishEventsResponse results(PublishEventsRequest request, List<Outcome> outcomes) {
    PublishEventsResponse.Builder response = PublishEventsResponse.newBuilder();
    for (int i = 0; i < outcomes.size(); i++) {
      response.addResults(publishing.result(request.getEvents(i), outcomes.get(i)));
    }
    return response.build();
  }

  private <A> void complete(A response, Throwable failure, StreamObserver<A> answer) {
    if (failure == null) {
      answer.onNext(response);
      answer.onCompleted();
    } else {
      answer.onError(publishing.status(failure));
    }
  }

  private void subscribeEvents(
      SubscribeEventsRequest request, StreamObserver<OutboundMessage> answer) {
    ServerCallStreamObserver<OutboundMessage> observer =
        (ServerCallStreamObserver<OutboundMessage>) answer;
    // gRPC wants the handlers before this method returns; the stream is known a little later.
    StreamHandlers handlers = new StreamHandlers(observer, () -> {});
    SubscriberStream stream =
        SubscriberStream.open(
            request.getSubscription(),
            observer,
            SUBSCRIBE,
            null,
            surroundings,
            subscriptions,
            streams);
    if (stream != null) {
      handlers.serve(stream);
    }
  }

  private StreamObserver<StreamEventsRequest> streamEvents(StreamObserver<OutboundMessage> answer) {
    return new DuplexStream(
        (ServerCallStreamObserver<OutboundMessage>) answer,
        Caller.current(),
        publishing,
        subscriptions,
        streams,
        surroundings);
  }

  private void acknowledge(AcknowledgeRequest request, StreamObserver<AcknowledgeResponse> answer) {
    Violation violation = Acknowledgements.violation(request);
    if (violation != null) {
      answer.onError(surroundings.refusals().invalid(List.of(violation)));
      return;
    }
    answer.onNext(new Acknowledgements(subscriptions::settle).settle(request));
    answer.onCompleted();
  }

  private void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> answer) {
    List<TopicPattern> patterns = new ArrayList<>();
    List<Violation> violations = new ArrayList<>();
    for (int i = 0; i < request.getPatternsCount(); i++) {
      try {
        patterns.add(new TopicPattern(request.getPatterns(i)));
      } catch (IllegalArgumentException e) {
        violations.add(new Violation("patterns[" + i + "]", String.valueOf(e.getMessage())));
      }
    }
    if (!violations.isEmpty()) {
      answer.onError(surroundings.refusals().invalid(violations));
      return;
    }
    answer.onNext(topics(patterns));
    answer.onCompleted();
  }

  private ListTopicsResponse topics(Collection<TopicPattern> patterns) {
    Map<String, TopicInfo.Builder> topics = new TreeMap<>();
    catalogue.types().stream()
        .filter(
            type ->
                patterns.isEmpty()
                    || patterns.stream().anyMatch(pattern -> pattern.matches(type.topic())))
        .sorted(Comparator.comparing(EventType::name))
        .forEach(
            type ->
                topics
                    .computeIfAbsent(
                        type.topic(),
                        name -> TopicInfo.newBuilder().setName(name).setRetention(type.retention()))
                    .addEventTypes(type.name()));
    ListTopicsResponse.Builder response = ListTopicsResponse.newBuilder();
    topics.values().forEach(response::addTopics);
    return response.build();
  }
}
