package dev.rustyonions.bus.release;

import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/** An element of a pom. */
record Xml(Element element) {

    static Xml parse(byte[] text) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return new Xml(
                    factory.newDocumentBuilder()
                            .parse(new ByteArrayInputStream(text))
                            .getDocumentElement());
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("not a pom: " + e.getMessage(), e);
        }
    }

    String name() {
        return element.getTagName();
    }

    /** What is reached by these names one below the other; several where a name is repeated. */
    List<Xml> all(String... path) {
        List<Xml> found = List.of(this);
        for (String name : path) {
            List<Xml> next = new ArrayList<>();
            for (Xml xml : found) {
                for (Xml child : xml.children()) {
                    if (child.name().equals(name)) {
                        next.add(child);
                    }
                }
            }
            found = next;
        }
        return found;
    }

    List<Xml> children() {
        List<Xml> children = new ArrayList<>();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                children.add(new Xml(inner));
            }
        }
        return children;
    }

    /** The text of the first element on the path; empty where there is none. */
    String text(String... path) {
        List<Xml> found = all(path);
        return found.isEmpty() ? "" : found.getFirst().element.getTextContent().strip();
    }
}
