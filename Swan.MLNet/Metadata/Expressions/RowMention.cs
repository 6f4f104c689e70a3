using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace Swan.MLNet.Metadata;

/// <summary>Looks for the row in a part of an expression.</summary>
internal sealed class RowMention : ExpressionVisitor
{
    private readonly ParameterExpression _row;
    private bool _found;

    private RowMention(ParameterExpression row) => _row = row;

    /// <summary>Whether a part depends on the row.</summary>
    /// <exception cref="SwanFilterException">It nests too deeply.</exception>
    public static bool Is(Expression expression, ParameterExpression row)
    {
        var visitor = new RowMention(row);
        visitor.Visit(expression);
        return visitor._found;
    }

    [return: NotNullIfNotNull(nameof(node))]
    public override Expression? Visit(Expression? node)
    {
        if (_found || node is null) return node;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new SwanFilterException(FilterLimits.TooDeep);
        if (node != _row) return base.Visit(node);
        _found = true;
        return node;
    }
}
