using System.ComponentModel;
using System.Globalization;

namespace Swan.MLNet.Imaging;

/// <summary>A <see cref="SampleRange"/> in configuration is its text, such as <c>percentile 2 98</c> or <c>values 0 3000</c>.</summary>
internal sealed class SampleRangeTypeConverter : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    /// <inheritdoc/>
    /// <exception cref="FormatException">The text is no range.</exception>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value is not string text
        ? base.ConvertFrom(context, culture, value)
        : SampleRange.TryParse(text, out SampleRange? range) ? range
        : throw new FormatException($"A range of samples is {SampleRange.Forms}, not '{text}'.");
}
