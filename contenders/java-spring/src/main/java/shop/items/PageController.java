package shop.items;

import jakarta.validation.Valid;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import shop.web.OptionalText;

/** The page, by Thymeleaf. */
@Controller
class PageController {
    private static final int PAGE_SIZE = 20;

    record Query(@OptionalText String category) {}

    private final Items items;

    PageController(Items items) {
        this.items = items;
    }

    @GetMapping("/page")
    String page(@Valid Query query, Model model) {
        var category = query.category();
        model.addAttribute("title", "Items in " + (category == null ? "all categories" : category));
        model.addAttribute("items", items.list(category, 0, PAGE_SIZE).items());
        return "page";
    }
}
