package shop.web;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.OverridesAttribute;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.hibernate.validator.constraints.CodePointLength;

/** Text of that many characters that PostgreSQL can store, or null. */
@CodePointLength
@Constraint(validatedBy = OptionalText.Storable.class)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface OptionalText {
    /** As many characters as fit a body. */
    int BODY_MAX = 65_536;

    @OverridesAttribute(constraint = CodePointLength.class, name = "min")
    int min() default 0;

    @OverridesAttribute(constraint = CodePointLength.class, name = "max")
    int max() default BODY_MAX;

    String message() default "must be text without NUL";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** PostgreSQL stores neither NUL nor half of a pair of surrogates. */
    class Storable implements ConstraintValidator<OptionalText, String> {
        @Override
        public boolean isValid(String text, ConstraintValidatorContext context) {
            return text == null || text.codePoints().allMatch(point -> point != 0 && (point < 0xD800 || point > 0xDFFF));
        }
    }
}
