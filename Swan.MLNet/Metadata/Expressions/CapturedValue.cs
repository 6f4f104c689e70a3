using System.Linq.Expressions;
using System.Reflection;

namespace Swan.MLNet.Metadata;

/// <summary>The value of a part of an expression that doesn't depend on the row.</summary>
internal static class CapturedValue
{
    /// <exception cref="SwanFilterException">Evaluating it failed.</exception>
    public static object? Of(Expression expression)
    {
        try
        {
            return Evaluate(expression);
        }
        catch (Exception e) when (e is not SwanFilterException)
        {
            Exception cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            throw new SwanFilterException(
                $"This part of the expression can't be evaluated: {QuotedExpression.Of(expression)}. "
                + $"{cause.GetType().Name}: {cause.Message}", innerException: cause);
        }
    }

    private static object? Evaluate(Expression expression)
    {
        switch (expression)
        {
            case ConstantExpression constant:
                return constant.Value;
            // Variables that a lambda captured are fields; a compilation for each would take a millisecond.
            case MemberExpression { Member: FieldInfo field, Expression: null or ConstantExpression } member:
                return field.GetValue((member.Expression as ConstantExpression)?.Value);
            // C# converts an array to a span before it searches it. A span can't be a value here, but its array can.
            case MethodCallExpression { Method: { Name: "op_Implicit" }, Arguments: [{ } source] } when expression.Type.IsByRefLike:
                return Evaluate(source);
            case UnaryExpression { NodeType: ExpressionType.Convert } conversion when expression.Type.IsByRefLike:
                return Evaluate(conversion.Operand);
            // C# takes a time without a zone as local time; here it is UTC, as everywhere in filters.
            case UnaryExpression { NodeType: ExpressionType.Convert, Operand: { } time }
                when IsTime(time.Type) && (expression.Type == typeof(DateTimeOffset) || expression.Type == typeof(DateTimeOffset?)):
                return Evaluate(time);
            case UnaryExpression { NodeType: ExpressionType.Convert, Operand: { } boxed } when expression.Type == typeof(object):
                return Evaluate(boxed);
            default:
                return Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object)))
                    .Compile(preferInterpretation: true)();
        }
    }

    private static bool IsTime(Type type) => type == typeof(DateTime) || type == typeof(DateTime?);
}
