// Confluent's own Go client on the bus's topics: reads events, whoever wrote them, and dead letters, each by the schema that
// the registry has for it. Ends once it has read one record of each kind that check.py has caused. For CI.
//
//	read -kafka 127.0.0.1:9092 -registry URL -descriptors FILE
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/confluentinc/confluent-kafka-go/v2/kafka"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde/protobuf"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

const patience = 60 * time.Second

func main() {
	bootstrap := flag.String("kafka", "", "host:port")
	registry := flag.String("registry", "", "the schema registry")
	descriptors := flag.String("descriptors", "", "the contract, as protoc writes it with --descriptor_set_out")
	flag.Parse()

	deserializer := newDeserializer(*registry, *descriptors)
	consumer := must(kafka.NewConsumer(&kafka.ConfigMap{
		"bootstrap.servers": *bootstrap, "group.id": "confluent-read", "auto.offset.reset": "earliest"}))
	defer consumer.Close()
	check(consumer.SubscribeTopics([]string{"jimbot.events", "jimbot.dead-letters"}, nil))

	missing := map[string]string{
		"from-bus":       "an event of the gateway",
		"from-processor": "an event of the processor",
		"not-taken":      "a dead letter",
	}
	for end := time.Now().Add(patience); len(missing) > 0; {
		if time.Now().After(end) {
			log.Fatalf("not found: %v", missing)
		}
		record, err := consumer.ReadMessage(time.Second)
		if err != nil || !isOfBus(record) {
			continue
		}
		message := must(deserializer.Deserialize(*record.TopicPartition.Topic, record.Value)).(protoreflect.ProtoMessage)
		name := text(message, "event_id") + text(message, "batch_id")
		if what, wanted := missing[name]; wanted {
			fmt.Printf("read with Confluent's Go deserializer: %s, %x %s %s\n",
				what, record.Value[:6], message.ProtoReflect().Descriptor().FullName(), name)
			delete(missing, name)
		}
	}
}

// What another producer wrote has none of the bus's headers. Its schema may lie in the registry in another form than text,
// which is all that this client reads.
func isOfBus(record *kafka.Message) bool {
	for _, header := range record.Headers {
		if header.Key == "content-type" {
			return true
		}
	}
	return false
}

func text(message protoreflect.ProtoMessage, field protoreflect.Name) string {
	reflected := message.ProtoReflect()
	descriptor := reflected.Descriptor().Fields().ByName(field)
	if descriptor == nil {
		return ""
	}
	return reflected.Get(descriptor).String()
}

func newDeserializer(registry string, descriptors string) *protobuf.Deserializer {
	client := must(schemaregistry.NewClient(schemaregistry.NewConfig(registry)))
	deserializer := must(protobuf.NewDeserializer(client, serde.ValueSerde, protobuf.NewDeserializerConfig()))
	files := contract(descriptors)
	deserializer.MessageFactory = func(_ string, name string) (any, error) {
		found, err := files.FindDescriptorByName(protoreflect.FullName(name))
		if err != nil {
			return nil, err
		}
		return dynamicpb.NewMessage(found.(protoreflect.MessageDescriptor)), nil
	}
	return deserializer
}

func contract(path string) *protoregistry.Files {
	var set descriptorpb.FileDescriptorSet
	check(proto.Unmarshal(must(os.ReadFile(path)), &set))
	return must(protodesc.NewFiles(&set))
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
