package shop.web;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.StructuredLogFormatter;

/** A line of the log of requests: the time, and what the valve knows. */
public class AccessLogFormat implements StructuredLogFormatter<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final JsonWriter<ILoggingEvent> writer = JsonWriter.<ILoggingEvent>of(line -> {
        line.add("time", event -> TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
        line.from(ILoggingEvent::getKeyValuePairs)
                .usingExtractedPairs(Iterable::forEach, (KeyValuePair pair) -> pair.key, pair -> pair.value);
    }).withNewLineAtEnd();

    @Override
    public String format(ILoggingEvent event) {
        return writer.writeToString(event);
    }
}
