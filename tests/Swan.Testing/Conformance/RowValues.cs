using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.Testing;

/// <summary>Reads any column of a row as text, so that rows of unknown types can be compared exactly.</summary>
public static class RowValues
{
    public static Func<string> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        MethodInfo typed = typeof(RowValues).GetMethod(nameof(Typed), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (Func<string>)typed.MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;
    }

    /// <summary>An annotation's value.</summary>
    public static string Annotation(DataViewSchema.Annotations annotations, DataViewSchema.Column kind)
    {
        MethodInfo typed = typeof(RowValues).GetMethod(nameof(TypedAnnotation), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (string)typed.MakeGenericMethod(kind.Type.RawType).Invoke(null, [annotations, kind])!;
    }

    private static string TypedAnnotation<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column kind)
    {
        T value = default!;
        annotations.GetValue(kind.Name, ref value);
        return Show(value);
    }

    private static Func<string> Typed<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return Show(value);
        };
    }

    private static string Show(object? value) => value switch
    {
        null => "null",
        VBuffer<float> v => string.Join(" ", v.DenseValues().Select(x => x.ToString("R", CultureInfo.InvariantCulture))),
        VBuffer<byte> v => Convert.ToHexString([.. v.DenseValues()]),
        VBuffer<uint> v => string.Join(" ", v.DenseValues()),
        VBuffer<ReadOnlyMemory<char>> v => string.Join("|", v.DenseValues()),
        MLImage image => $"{image.Width}x{image.Height} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(image.Pixels))}",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
