using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;

namespace Swan.MLNet.Metadata;

internal sealed partial class ExpressionTranslator
{
    // Bits that a number's values need, and whether they have signs. Floating point stands by the integers that it holds exactly.
    private static readonly Dictionary<Type, (int Bits, bool Signed, bool Floats)> s_numbers = new()
    {
        [typeof(sbyte)] = (7, true, false), [typeof(byte)] = (8, false, false),
        [typeof(short)] = (15, true, false), [typeof(ushort)] = (16, false, false),
        [typeof(int)] = (31, true, false), [typeof(uint)] = (32, false, false),
        [typeof(long)] = (63, true, false), [typeof(ulong)] = (64, false, false),
        [typeof(Half)] = (11, true, true), [typeof(float)] = (24, true, true), [typeof(double)] = (53, true, true),
    };

    private string RequireColumn(Expression expression) => TryColumn(expression, out string? column) ? column : throw Refused(expression,
        "A column is a property or field of the record itself. Filters don't compute with columns, and know no other members or methods.");

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
        if (!s_numbers.TryGetValue(from, out var before)) return false;
        // Columns keep doubles, so integers of 64 bits become what C# makes of them. Every integer is a decimal.
        if (!before.Floats && (to == typeof(double) || to == typeof(decimal))) return true;
        return s_numbers.TryGetValue(to, out var after)
            && before.Bits <= after.Bits && (after.Signed || !before.Signed) && (after.Floats || !before.Floats);
    }

    private string Named(string name, Expression expression)
    {
        string column = columnName is null ? name : columnName(name);
        return SwanColumn.NameFault(column) is { } fault ? throw Refused(expression, fault) : column;
    }
}
