package shop.web;

/** A field whose value is refused by what is stored. */
public class WrongFieldException extends RuntimeException {
    private final String field;

    public WrongFieldException(String field, String message) {
        super(message, null, false, false);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
