package shop.web;

import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.validation.BindingResult;
import org.springframework.validation.Errors;
import org.springframework.validation.FieldError;
import org.springframework.validation.SmartValidator;
import org.springframework.validation.Validator;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Fields of a body with a wrong type. Jackson would end at the first one; here it goes on, and validation names all of
 * them beside the fields whose values are out of range.
 */
@ControllerAdvice
class Bodies implements Validator {
    private static final String MISTYPED = Bodies.class.getName();

    /** Reads a value of one kind of token, and remembers fields of any other, null too. */
    private abstract static class Strict<T> extends StdScalarDeserializer<T> {
        private final JsonToken kind;

        Strict(Class<T> type, JsonToken kind) {
            super(type);
            this.kind = kind;
        }

        abstract T read(JsonParser parser);

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) {
            var value = parser.hasToken(kind) ? read(parser) : null;
            if (value == null && !remember(parser)) context.reportInputMismatch(this, "has the wrong type");
            return value;
        }

        @Override
        public T getNullValue(DeserializationContext context) {
            remember(context.getParser());
            return null;
        }

        @Override
        public T getAbsentValue(DeserializationContext context) {
            return null;
        }

        /** Whether there is a request to remember it with; what another service answers belongs to none. */
        private static boolean remember(JsonParser parser) {
            var request = RequestContextHolder.getRequestAttributes();
            if (request == null) return false;
            var fields = new LinkedHashSet<>(mistyped(request));
            fields.add(parser.currentName());
            parser.skipChildren();
            request.setAttribute(MISTYPED, fields, RequestAttributes.SCOPE_REQUEST);
            return true;
        }
    }

    /** A whole number is neither text nor a fraction, and has 32 bits. */
    private static final class WholeNumber extends Strict<Integer> {
        WholeNumber() {
            super(Integer.class, JsonToken.VALUE_NUMBER_INT);
        }

        @Override
        Integer read(JsonParser parser) {
            return parser.getNumberType() == JsonParser.NumberType.INT ? parser.getIntValue() : null;
        }
    }

    private static final class Words extends Strict<String> {
        Words() {
            super(String.class, JsonToken.VALUE_STRING);
        }

        @Override
        String read(JsonParser parser) {
            return parser.getString();
        }
    }

    private final SmartValidator constraints;

    Bodies(SmartValidator defaultValidator) {
        this.constraints = defaultValidator;
    }

    static SimpleModule strictTypes() {
        return new SimpleModule("strict types")
                .addDeserializer(Integer.class, new WholeNumber())
                .addDeserializer(String.class, new Words());
    }

    @SuppressWarnings("unchecked")
    private static Set<String> mistyped(RequestAttributes request) {
        var fields = request.getAttribute(MISTYPED, RequestAttributes.SCOPE_REQUEST);
        return fields == null ? Set.of() : (Set<String>) fields;
    }

    @InitBinder
    void prepare(WebDataBinder binder) {
        if (binder.getTarget() != null) {
            binder.addValidators(this);
        } else {
            // Spring Boot's adapter checks whole objects alone; a query with one mistyped parameter has none.
            binder.setValidator(constraints);
        }
    }

    @Override
    public boolean supports(Class<?> type) {
        return type.isRecord();
    }

    @Override
    public void validate(Object target, Errors errors) {
        for (var field : mistyped(RequestContextHolder.currentRequestAttributes())) {
            ((BindingResult) errors).addError(new FieldError(errors.getObjectName(), field, "has the wrong type"));
        }
    }
}
