package shop.orders;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The route of orders. */
@RestController
class OrderController {
    record NewOrder(@NotNull @Min(1) Integer itemId, @NotNull @Min(1) @Max(20) Integer quantity) {}

    private final Orders orders;

    OrderController(Orders orders) {
        this.orders = orders;
    }

    @PostMapping(path = "/orders", consumes = "application/json")
    @ResponseStatus(HttpStatus.CREATED)
    Order place(@Valid @RequestBody NewOrder order, Principal user) {
        return orders.place(user.getName(), order.itemId(), order.quantity());
    }
}
