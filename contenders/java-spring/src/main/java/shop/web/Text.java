package shop.web;

import jakarta.validation.Constraint;
import jakarta.validation.OverridesAttribute;
import jakarta.validation.Payload;
import jakarta.validation.constraints.NotNull;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Text that must be there, as {@link OptionalText}. */
@NotNull
@OptionalText
@Constraint(validatedBy = {})
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
public @interface Text {
    @OverridesAttribute(constraint = OptionalText.class, name = "min")
    int min() default 0;

    @OverridesAttribute(constraint = OptionalText.class, name = "max")
    int max() default OptionalText.BODY_MAX;

    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
