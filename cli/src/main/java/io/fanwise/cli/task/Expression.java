package io.fanwise.cli.task;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import io.fanwise.rows.Format;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A task written as an expression, as statements, as a lambda or as a method reference. It becomes
/// the body of a method in a class that has the names the user may use as fields, so that the
/// user's own variables may have the same names.
final class Expression {

  private static final String UNNAMED = "fanInput";

  private final Role role;
  private final String text;
  private final Format format;
  private final Javac javac;

  private Expression(Role role, String text, Format format, Javac javac) {
    this.role = role;
    this.text = text;
    this.format = format;
    this.javac = javac;
  }

  /// Compiles what the user wrote to the class of its role, a task of rows.
  static Map<String, byte[]> compile(Role role, String text, Format format, Javac javac) {
    return new Expression(role, text, format, javac).compile();
  }

  private Map<String, byte[]> compile() {
    Body body = body();
    Javac.Compilation valued = javac.compile(body.valued());
    if (valued.errors().forWantOfValue()) {
      Javac.Compilation silent = javac.compile(body.silent());
      return (silent.errors().none() ? silent : valued).orThrow();
    }
    return valued.orThrow();
  }

  /// Finds out what it is: whatever can be read as an expression is one.
  private Body body() {
    Parsed value = parse("Object fanResult=", ";");
    Optional<ExpressionTree> expression = expression(value);
    if (expression.isPresent()) {
      return switch (expression.get()) {
        case LambdaExpressionTree lambda -> lambda(value, lambda);
        case MemberReferenceTree reference ->
            body(Body.Kind.REFERENCE, value, reference, Given.usual(format), UNNAMED);
        case ExpressionTree other -> body(Body.Kind.VALUE, value, other, Given.ROW, UNNAMED);
      };
    }
    Parsed statements = parse("Object fanResult(){", "}");
    if (statements.errors().none() && soleMember(statements) instanceof MethodTree method) {
      return statements(statements, method);
    }
    throw wrong(value.errors(), statements.errors());
  }

  /// Reports what is wrong with what the user probably meant; statements end with a semicolon.
  private BadTask wrong(Errors value, Errors statements) {
    if (value.none() && statements.none()) {
      return new BadTask("The task is neither an expression nor a block of statements: " + text);
    }
    boolean oneExpression = !text.strip().matches("(?s)\\{.*|.*;.+");
    return statements.none() || (oneExpression && !value.none())
        ? value.first().report()
        : statements.first().report();
  }

  private Body statements(Parsed parsed, MethodTree method) {
    List<? extends StatementTree> statements = method.getBody().getStatements();
    return statements.size() == 1 && statements.getFirst() instanceof BlockTree block
        ? body(Body.Kind.BLOCK, parsed, block, Given.ROW, UNNAMED)
        : new Body(
            role, text, Body.Kind.STATEMENTS, 0, text.length(), names(method), Given.ROW, UNNAMED);
  }

  private Body lambda(Parsed parsed, LambdaExpressionTree lambda) {
    List<? extends VariableTree> parameters = lambda.getParameters();
    if (parameters.size() != 1) {
      throw parsed.error(
          lambda,
          "a task is given one input, but this lambda has %d parameters"
              .formatted(parameters.size()));
    }
    VariableTree parameter = parameters.getFirst();
    Body.Kind kind =
        lambda.getBodyKind() == LambdaExpressionTree.BodyKind.STATEMENT
            ? Body.Kind.BLOCK
            : Body.Kind.VALUE;
    return body(kind, parsed, lambda.getBody(), given(parsed, parameter), name(parameter));
  }

  private Given given(Parsed parsed, VariableTree parameter) {
    Tree type = parameter.getType();
    if (type == null) {
      return Given.usual(format);
    }
    return Given.to(type.toString(), format)
        .orElseThrow(() ->
            parsed.error(parameter, "a task is given a String, a Row or a JsonNode, not " + type));
  }

  private static String name(VariableTree parameter) {
    String name = parameter.getName().toString();
    return name.isEmpty() || name.equals("_") ? UNNAMED : name;
  }

  private Body body(Body.Kind kind, Parsed parsed, Tree code, Given given, String parameter) {
    return new Body(
        role, text, kind, parsed.from(code), parsed.to(code), names(code), given, parameter);
  }

  private Parsed parse(String before, String after) {
    return javac.parse(
        Source.around(
            role, text, 0, text.length(), "class " + role.type() + "{" + before, after + "}"));
  }

  /// The expression that is the whole text; none if it is only the beginning of it, or a block.
  private static Optional<ExpressionTree> expression(Parsed parsed) {
    return parsed.errors().none()
            && soleMember(parsed) instanceof VariableTree variable
            && !(variable.getInitializer() instanceof NewArrayTree array && array.getType() == null)
        ? Optional.ofNullable(variable.getInitializer())
        : Optional.empty();
  }

  private static Object soleMember(Parsed parsed) {
    List<ClassTree> classes = parsed.classes();
    List<? extends Tree> members = classes.getFirst().getMembers();
    return classes.size() == 1 && members.size() == 1 ? members.getFirst() : "not one member";
  }

  private static Set<String> names(Tree code) {
    Set<String> names = new HashSet<>();
    new TreeScanner<Void, Set<String>>() {
      @Override
      public Void visitIdentifier(IdentifierTree identifier, Set<String> found) {
        found.add(identifier.getName().toString());
        return super.visitIdentifier(identifier, found);
      }
    }.scan(code, names);
    return names;
  }
}
