package shop.sockets;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.server.standard.ServletServerContainerFactoryBean;

/** Where WebSockets are opened, and how large a message may be. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class SocketConfiguration implements WebSocketConfigurer {
    private static final int MESSAGE_MAX = 65_536;

    private final Sockets sockets;

    SocketConfiguration(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(sockets, "/socket").setAllowedOrigins("*");
    }

    @Bean
    ServletServerContainerFactoryBean container() {
        var container = new ServletServerContainerFactoryBean();
        container.setMaxTextMessageBufferSize(MESSAGE_MAX);
        container.setMaxBinaryMessageBufferSize(MESSAGE_MAX);
        return container;
    }
}
