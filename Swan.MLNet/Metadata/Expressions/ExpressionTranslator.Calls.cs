using System.Collections;
using System.Linq.Expressions;

namespace Swan.MLNet.Metadata;

internal sealed partial class ExpressionTranslator
{
    private SwanFilter Called(MethodCallExpression call)
    {
        Expression[] arguments = call.Object is null ? [.. call.Arguments] : [call.Object, .. call.Arguments];
        Type? type = call.Method.DeclaringType;
        switch (call.Method.Name)
        {
            case nameof(string.IsNullOrEmpty) when type == typeof(string):
                var text = new SwanFilterColumn(RequireColumn(arguments[0]));
                return text.IsNull() | text == "";
            // Static methods of other types may compare as they like.
            case nameof(Equals) when arguments.Length >= 2 && (call.Object is not null || type == typeof(string) || type == typeof(object)):
                RequireOrdinal(call, arguments, from: 2);
                return Compared(Expression.Equal(Boxed(arguments[0]), Boxed(arguments[1])), FilterOperator.Equal);
            case nameof(string.Contains) or nameof(string.StartsWith) or nameof(string.EndsWith) when type == typeof(string):
                return Matched(call, arguments);
            case nameof(SwanBox.Contains) or nameof(SwanBox.Intersects) when type == typeof(SwanBox) || type == typeof(SwanPolygon):
                return Placed(call, arguments);
            case nameof(Enumerable.Contains)
                when arguments.Length >= 2 && PlainCollections.Has(call.Method) && !RowMention.Is(arguments[0], row):
                return Included(call, arguments);
            default:
                throw Refused(call, $"Filters don't support the method {type?.Name}.{call.Method.Name}.");
        }
    }

    private static Expression Boxed(Expression expression) => Expression.Convert(expression, typeof(object));

    private SwanFilter Matched(MethodCallExpression call, Expression[] arguments)
    {
        RequireOrdinal(call, arguments, from: 2);
        if (RowMention.Is(arguments[1], row)) throw Refused(call, "The text to find must be a value.");
        string part = CapturedValue.Of(arguments[1]) switch
        {
            string text => text,
            char letter => letter.ToString(),
            _ => throw Refused(call, "The text to find is null."),
        };
        if (ColumnValues.TextFault(part) is { } fault) throw Refused(call, $"The text to find is invalid: {fault}");
        var column = new SwanFilterColumn(RequireColumn(arguments[0]));
        return call.Method.Name switch
        {
            nameof(string.Contains) => column.Contains(part),
            nameof(string.StartsWith) => column.StartsWith(part),
            _ => column.EndsWith(part),
        };
    }

    private SwanFilter Placed(MethodCallExpression call, Expression[] arguments)
    {
        bool within = call.Method.Name == nameof(SwanBox.Contains);
        (Expression shape, Expression place) = (arguments[0], arguments[1]);
        // Two boxes intersect each other.
        if (!within && RowMention.Is(shape, row)) (shape, place) = (place, shape);
        if (RowMention.Is(shape, row)) throw Refused(call, "Write box.Contains(t.Place): the box or polygon must be a value.");
        var column = new SwanFilterColumn(RequireColumn(place));
        return (CapturedValue.Of(shape), within) switch
        {
            (SwanBox box, true) => column.Within(box),
            (SwanBox box, false) => column.Intersects(box),
            (SwanPolygon polygon, true) => column.Within(polygon),
            (SwanPolygon polygon, false) => column.Intersects(polygon),
            _ => throw Refused(call, "The shape is null."),
        };
    }

    private SwanFilter Included(MethodCallExpression call, Expression[] arguments)
    {
        if (CapturedValue.Of(arguments[0]) is not IEnumerable list)
            throw Refused(call, "The collection is null, or can't be enumerated.");
        if (!PlainCollections.Is(list) || arguments.Skip(2).Any(more => CapturedValue.Of(more) is not null))
        {
            throw Refused(call, $"The collection, a {list.GetType().Name}, has its own comparison, or may have one. Filters compare texts "
                + "by UTF-16 code units, and other values by their own equality. Give an array, a list, or a set with that comparison "
                + "(for texts, StringComparer.Ordinal).");
        }
        var column = new SwanFilterColumn(RequireColumn(arguments[1]));
        List<SwanFilterValue> values = [];
        bool missing = false;
        foreach (object? item in list)
        {
            if (SwanFilterValue.TryMake(item, out SwanFilterValue value) is { } fault)
                throw Refused(call, $"A column can't be compared with a value of the collection: {fault}");
            if (item is null) missing = true;
            else values.Add(value);
            if (values.Count > FilterLimits.MaxValues) throw new SwanFilterException(FilterLimits.TooManyValues);
        }
        SwanFilter? included = values.Count == 0 ? null : column.In(values);
        return !missing ? included ?? Constant.Of(false) : included is null ? column.IsNull() : column.IsNull() | included;
    }

    // Without a comparison, StartsWith and EndsWith would follow the culture in C#; here they never do.
    private static void RequireOrdinal(MethodCallExpression call, Expression[] arguments, int from)
    {
        foreach (Expression more in arguments.Skip(from))
        {
            if (CapturedValue.Of(more) is not StringComparison.Ordinal)
                throw Refused(call, "Filters compare texts by UTF-16 code units. Use StringComparison.Ordinal.");
        }
    }

    // string.CompareOrdinal(t.Region, "n") >= 0, and string.Compare with StringComparison.Ordinal.
    private (Expression Column, Expression Other, bool Turned)? OrderedTexts(Expression rows, Expression zero)
    {
        if (rows is not MethodCallExpression { Object: null, Method: { Name: "CompareOrdinal" or "Compare" } method } call
            || method.DeclaringType != typeof(string)) return null;
        if (method.Name == "Compare" && call.Arguments.Count != 3 || method.Name == "CompareOrdinal" && call.Arguments.Count != 2)
            throw Refused(call, "Compare whole texts with string.CompareOrdinal(a, b).");
        RequireOrdinal(call, [.. call.Arguments], from: 2);
        if (CapturedValue.Of(zero) is not 0) throw Refused(call, "Its result can only be compared with 0.");
        bool turned = !RowMention.Is(call.Arguments[0], row);
        (Expression column, Expression other) = turned ? (call.Arguments[1], call.Arguments[0]) : (call.Arguments[0], call.Arguments[1]);
        return RowMention.Is(other, row) ? throw Refused(call, "One of the texts must be a value.") : (column, other, turned);
    }
}
