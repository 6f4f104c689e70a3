using System.ComponentModel;
using System.Globalization;

namespace Swan.MLNet;

/// <summary>A <see cref="SwanDevice"/> in configuration is its text: <c>auto</c>, <c>cpu</c> or <c>cuda:0</c>.</summary>
internal sealed class SwanDeviceTypeConverter : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    /// <inheritdoc/>
    /// <exception cref="FormatException">The text is no device.</exception>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? SwanDevice.Parse(text) : base.ConvertFrom(context, culture, value);
}
