package dev.rustyonions.bus.spring;

import jakarta.servlet.ServletException;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

import java.io.IOException;

/**
 * Lets a feed close the connection of a client that does not read. To end the response in the usual
 * way Tomcat would first wait for that client to take what it has been sent.
 */
final class CloseNowValve extends ValveBase {
    CloseNowValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        org.apache.coyote.Response connection = response.getCoyoteResponse();
        Runnable closeNow =
                () ->
                        connection.action(
                                ActionCode.CLOSE_NOW, new IOException("the client does not read"));
        request.setAttribute(SseFeedReturnValueHandler.CLOSE_NOW, closeNow);
        getNext().invoke(request, response);
    }
}
