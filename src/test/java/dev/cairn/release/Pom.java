package dev.cairn.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A pom.xml, as it is written. */
final class Pom {

    private final Document document;

    private Pom(Document document) {
        this.document = document;
    }

    static Pom read(Path file) {
        try {
            return new Pom(
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()));
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    String version() {
        return only("/project/version");
    }

    String property(String name) {
        return only("/project/properties/" + name);
    }

    List<String> profiles() {
        return all("/project/profiles/profile/id");
    }

    /** Properties that switch a profile on by being there. */
    List<String> switches() {
        return all("/project/profiles/profile/activation/property/name");
    }

    private String only(String path) {
        List<String> found = all(path);
        if (found.size() != 1) {
            throw new IllegalStateException(path + " is there " + found.size() + " times");
        }
        return found.get(0);
    }

    private List<String> all(String path) {
        try {
            NodeList nodes =
                    (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                texts.add(nodes.item(i).getTextContent().strip());
            }
            return texts;
        } catch (XPathExpressionException e) {
            throw new IllegalStateException(path, e);
        }
    }
}
