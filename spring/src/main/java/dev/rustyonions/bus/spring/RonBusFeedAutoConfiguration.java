package dev.rustyonions.bus.spring;

import dev.rustyonions.bus.sse.SseFeed;

import jakarta.servlet.AsyncContext;

import org.apache.catalina.valves.ValveBase;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

import java.util.ArrayList;
import java.util.List;

/** Lets the methods of controllers return feeds, in Spring MVC. */
@AutoConfiguration(after = RonBusAutoConfiguration.class)
@ConditionalOnClass({SseFeed.class, RequestMappingHandlerAdapter.class, AsyncContext.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public final class RonBusFeedAutoConfiguration {
    RonBusFeedAutoConfiguration() {}

    @Bean(destroyMethod = "close")
    FeedResponses ronBusFeedResponses() {
        return new FeedResponses();
    }

    @Bean
    static FeedsFirst ronBusFeedsFirst(ObjectProvider<FeedResponses> responses) {
        return new FeedsFirst(responses);
    }

    /**
     * Puts feeds before what handles other return values. A handler that is added in the usual way
     * comes after the one for {@code @ResponseBody}, which would take the feed of a
     * {@code @RestController} for something to be written as JSON.
     */
    static final class FeedsFirst implements BeanPostProcessor {
        private final ObjectProvider<FeedResponses> responses;

        FeedsFirst(ObjectProvider<FeedResponses> responses) {
            this.responses = responses;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof RequestMappingHandlerAdapter adapter) {
                List<HandlerMethodReturnValueHandler> handlers = new ArrayList<>();
                handlers.add(new SseFeedReturnValueHandler(responses.getObject()));
                List<HandlerMethodReturnValueHandler> others = adapter.getReturnValueHandlers();
                if (others != null) {
                    handlers.addAll(others);
                }
                adapter.setReturnValueHandlers(handlers);
            }
            return bean;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ConfigurableTomcatWebServerFactory.class, ValveBase.class})
    static class Tomcat {
        @Bean
        WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> ronBusCloseNow() {
            return factory -> factory.addEngineValves(new CloseNowValve());
        }
    }
}
