using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;

namespace Swan.MLNet.Metadata;

internal sealed partial class ExpressionTranslator
{
    // What each number can be made without losing any of its values. C# converts to these by itself.
    private static readonly Type[] s_numbers =
    [
        typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Half), typeof(float), typeof(double), typeof(decimal),
    ];

    private string RequireColumn(Expression expression) => TryColumn(expression, out string? column) ? column : throw Refused(expression,
        "A column is a property or field of the record itself. Filters don't compute with it, and know no other members and methods.");

    // A property of the row, with the conversions that C# puts around it.
    private bool TryColumn(Expression expression, [NotNullWhen(true)] out string? column)
    {
        expression = WithoutConversions(expression);
        column = expression switch
        {
            MemberExpression { Member.Name: nameof(Nullable<int>.Value), Expression: { } nullable }
                when Nullable.GetUnderlyingType(nullable.Type) is not null => TryColumn(nullable, out string? inner) ? inner : null,
            MemberExpression { Expression: { } owner } member when IsRow(owner) => Named(member.Member.Name, expression),
            MethodCallExpression { Object: { } owner } call when IsIndexer(call) && IsRow(owner) =>
                Named(CapturedValue.Of(call.Arguments[0]) as string ?? "", expression),
            _ => null,
        };
        return column is not null;
    }

    // A record of names and values, such as a dictionary.
    private static bool IsIndexer(MethodCallExpression call) =>
        call.Method is { IsSpecialName: true, Name: "get_Item" } && call.Arguments is [{ Type: var key }] && key == typeof(string);

    // Within a generic method, the record may be converted to an interface first.
    private bool IsRow(Expression owner)
    {
        while (owner is UnaryExpression { NodeType: ExpressionType.Convert } converted) owner = converted.Operand;
        return owner == row;
    }

    private static Expression WithoutConversions(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } conversion
            && KeepsValues(conversion.Operand.Type, conversion.Type))
        {
            expression = conversion.Operand;
        }
        return expression;
    }

    private static bool KeepsValues(Type from, Type to)
    {
        from = Nullable.GetUnderlyingType(from) ?? from;
        to = Nullable.GetUnderlyingType(to) ?? to;
        if (from == to || from == typeof(object) || to == typeof(object) || to.IsInterface) return true;
        if (from == typeof(DateTime) && to == typeof(DateTimeOffset)) return true;
        int at = Array.IndexOf(s_numbers, from);
        // A larger type stands behind. From integers of 64 bits to floating point, columns do what C# does: they keep doubles.
        return at >= 0 && Array.IndexOf(s_numbers, to) > at;
    }

    private string Named(string name, Expression expression)
    {
        string column = columnName is null ? name : columnName(name);
        return SwanColumn.NameFault(column) is { } fault ? throw Refused(expression, fault) : column;
    }
}
