using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;

namespace Swan.MLNet.Metadata;

/// <summary>A part of an expression as errors quote it.</summary>
internal sealed class QuotedExpression : ExpressionVisitor
{
    private const int MaxParts = 500, MaxCharacters = 200;

    private int _parts;

    private QuotedExpression()
    {
    }

    /// <summary>The part's text, in quotes.</summary>
    public static string Of(Expression expression)
    {
        var quoted = new QuotedExpression();
        Expression shown = quoted.Visit(expression);
        // .NET's text of an expression takes stack for each level.
        if (quoted._parts > MaxParts) return $"one of more than {MaxParts} parts";
        string text = shown.ToString();
        return $"'{(text.Length <= MaxCharacters ? text : text[..MaxCharacters] + "…")}'";
    }

    [return: NotNullIfNotNull(nameof(node))]
    public override Expression? Visit(Expression? node) => ++_parts > MaxParts ? node : base.Visit(node);

    // A captured variable has its own name, and not that of the class that the compiler makes for it.
    protected override Expression VisitMember(MemberExpression node) => node.Expression is ConstantExpression
        ? Expression.Parameter(node.Type, node.Member.Name)
        : base.VisitMember(node);
}
