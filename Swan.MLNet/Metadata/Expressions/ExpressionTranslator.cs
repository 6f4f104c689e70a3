using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace Swan.MLNet.Metadata;

/// <summary>Makes filters of C# expressions over a record.</summary>
/// <param name="row">The record.</param>
/// <param name="columnName">The column of a property; null: the property's own name.</param>
internal sealed partial class ExpressionTranslator(ParameterExpression row, Func<string, string>? columnName)
{
    // A level of a filter has at most a 'not', an 'and' and an 'or'. Without a limit, the stack of the thread decided what is refused.
    private const int MostNested = 3 * FilterLimits.MaxDepth;

    private int _nested;

    /// <exception cref="SwanFilterException">A part of the expression has no filter, or it nests too deeply.</exception>
    public SwanFilter Translate(Expression expression)
    {
        if (_nested == MostNested || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SwanFilterException(FilterLimits.TooDeep);
        _nested++;
        SwanFilter filter = Translated(expression);
        _nested--;
        return filter;
    }

    private SwanFilter Translated(Expression expression)
    {
        // Before anything looks into all of it: these may be very long.
        if (expression is BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both)
            return Joined(both, all: true);
        if (expression is BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } either)
            return Joined(either, all: false);
        // What doesn't depend on the row is known now.
        if (!RowMention.Is(expression, row)) return Constant.Of(CapturedValue.Of(expression) is true);
        switch (expression)
        {
            case UnaryExpression { NodeType: ExpressionType.Not } not:
                return Negation.Make(Translate(not.Operand));
            case BinaryExpression binary when OperatorOf(binary.NodeType) is { } comparison:
                return Compared(binary, comparison);
            case MemberExpression { Member.Name: nameof(Nullable<int>.HasValue), Expression: { } nullable }
                when Nullable.GetUnderlyingType(nullable.Type) is not null:
                return new SwanFilterColumn(RequireColumn(nullable)).IsNotNull();
            case MethodCallExpression call when !IsIndexer(call):
                return Called(call);
            default:
                return new SwanFilterColumn(RequireColumn(expression)) == true;
        }
    }

    private static FilterOperator? OperatorOf(ExpressionType type) => type switch
    {
        ExpressionType.Equal => FilterOperator.Equal,
        ExpressionType.NotEqual => FilterOperator.NotEqual,
        ExpressionType.LessThan => FilterOperator.Less,
        ExpressionType.LessThanOrEqual => FilterOperator.LessOrEqual,
        ExpressionType.GreaterThan => FilterOperator.Greater,
        ExpressionType.GreaterThanOrEqual => FilterOperator.GreaterOrEqual,
        _ => null,
    };

    // 3 < x is x > 3.
    private static FilterOperator Turned(FilterOperator comparison) => comparison switch
    {
        FilterOperator.Less => FilterOperator.Greater,
        FilterOperator.LessOrEqual => FilterOperator.GreaterOrEqual,
        FilterOperator.Greater => FilterOperator.Less,
        FilterOperator.GreaterOrEqual => FilterOperator.LessOrEqual,
        _ => comparison,
    };

    private static SwanFilterException Refused(Expression part, string why) =>
        new($"This part of the expression can't become a filter: {QuotedExpression.Of(part)}. {why}");

    // As in C#, parts after a deciding one are not evaluated: since == null || t.Date >= since.Value.
    private SwanFilter Joined(BinaryExpression whole, bool all)
    {
        var parts = new List<SwanFilter>();
        foreach (Expression operand in Operands(whole))
        {
            SwanFilter part = Translate(operand);
            if (part is not Constant constant) parts.Add(part);
            else if (constant.Passes != all) return parts.Count == 0 ? part : Combination.Make(all, [.. parts, part]);
        }
        return parts.Count == 0 ? Constant.Of(all) : Combination.Make(all, parts);
    }

    // a && b && c is (a && b) && c: a list, however long, and no recursion.
    private static List<Expression> Operands(BinaryExpression whole)
    {
        List<Expression> operands = [];
        var left = new Stack<Expression>([whole]);
        while (left.TryPop(out Expression? next))
        {
            if (next is BinaryExpression inner && inner.NodeType == whole.NodeType)
            {
                left.Push(inner.Right);
                left.Push(inner.Left);
                continue;
            }
            operands.Add(next);
            if (operands.Count > FilterLimits.MaxTerms) throw new SwanFilterException(FilterLimits.TooManyTerms);
        }
        return operands;
    }

    private SwanFilter Compared(BinaryExpression whole, FilterOperator comparison)
    {
        (Expression rows, Expression other) = (whole.Left, whole.Right);
        if (RowMention.Is(other, row))
        {
            (rows, other, comparison) = (other, rows, Turned(comparison));
            if (RowMention.Is(other, row)) throw Refused(whole, "Both sides depend on the row; one side must be a value.");
        }
        if (OrderedTexts(rows, other) is { } texts)
            return Compared(whole, RequireColumn(texts.Column), texts.Turned ? Turned(comparison) : comparison, texts.Other);
        bool isColumn = TryColumn(rows, out string? column);
        // (t.Height > 3) == wanted
        if (!isColumn && rows.Type == typeof(bool) && comparison <= FilterOperator.NotEqual)
        {
            SwanFilter filter = Translate(rows);
            return CapturedValue.Of(other) is true == (comparison == FilterOperator.Equal) ? filter : Negation.Make(filter);
        }
        return Compared(whole, isColumn ? column! : RequireColumn(rows), comparison, other);
    }

    private static SwanFilter Compared(Expression whole, string column, FilterOperator comparison, Expression other)
    {
        object? value = CapturedValue.Of(other);
        // As in C#: nothing is less or greater than null.
        if (value is null && comparison > FilterOperator.NotEqual) return Constant.Of(false);
        return SwanFilterValue.TryMake(value, out SwanFilterValue made) is { } fault
            ? throw Refused(whole, $"A column can't be compared with this value: {fault}")
            : new SwanFilterColumn(column).Compare(comparison, made);
    }
}
