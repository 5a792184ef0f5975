// Confluent's JavaScript deserializer on a value of the bus's log, knowing nothing but the registry:
//   node read.js REGISTRY-URL FILE-WITH-BASE64
import { readFileSync } from "node:fs";
import { ProtobufDeserializer, SchemaRegistryClient, SerdeType } from "@confluentinc/schemaregistry";

const [url, file] = process.argv.slice(2);
const value = Buffer.from(readFileSync(file, "utf8"), "base64");
const registry = new SchemaRegistryClient({ baseURLs: [url] });
const event = await new ProtobufDeserializer(registry, SerdeType.VALUE, {}).deserialize("jimbot.events", value);
if (event.$typeName !== "jimbot.events.v1.Event" || event.eventId !== "from-bus") {
  console.error(event);
  process.exit(1);
}
console.log(`read with Confluent's JavaScript ProtobufDeserializer: ${event.$typeName} ${event.eventType} ${event.eventId}`);
process.exit(0);
