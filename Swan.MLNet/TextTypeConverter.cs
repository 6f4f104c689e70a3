using System.ComponentModel;
using System.Globalization;

namespace Swan.MLNet;

/// <summary>A value in configuration is its text, such as <c>cuda:0</c> for a <see cref="SwanDevice"/>.</summary>
internal sealed class TextTypeConverter<T> : TypeConverter
    where T : IParsable<T>
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    /// <inheritdoc/>
    /// <exception cref="FormatException">The text is not such a value.</exception>
    /// <exception cref="OverflowException">The text's number is out of the type's range.</exception>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? T.Parse(text, CultureInfo.InvariantCulture) : base.ConvertFrom(context, culture, value);
}
