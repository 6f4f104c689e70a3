using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Swan.MLNet;

/// <summary>Where encoders and training run: <see cref="Auto"/>, <see cref="Cpu"/> or <see cref="Cuda(int)"/>.</summary>
/// <remarks>
/// <see cref="Auto"/> uses a GPU if one works, and reports the choice and its reason. A missing explicit GPU is an error, never a silent
/// CPU run.
/// </remarks>
[JsonConverter(typeof(TextJsonConverter<SwanDevice>))]
[TypeConverter(typeof(TextTypeConverter<SwanDevice>))]
public readonly record struct SwanDevice : IParsable<SwanDevice>
{
    private SwanDevice(SwanDeviceKind kind, int index) => (Kind, Index) = (kind, index);

    /// <summary>The requested kind.</summary>
    public SwanDeviceKind Kind { get; }

    /// <summary>The GPU's index, from 0; 0 for the other kinds.</summary>
    public int Index { get; }

    /// <summary>A GPU if one works, else the CPU (default).</summary>
    public static SwanDevice Auto => default;

    /// <summary>The CPU.</summary>
    public static SwanDevice Cpu => new(SwanDeviceKind.Cpu, 0);

    /// <summary>An NVIDIA GPU.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative.</exception>
    public static SwanDevice Cuda(int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new(SwanDeviceKind.Cuda, index);
    }

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static SwanDevice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Find(text) ?? throw new FormatException(
            $"'{text}' is not a device. Expected auto, cpu, cuda or cuda:N, where N is the GPU's index from 0.");
    }

    static SwanDevice IParsable<SwanDevice>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<SwanDevice>.TryParse(string? s, IFormatProvider? provider, out SwanDevice result)
    {
        SwanDevice? found = s is null ? null : Find(s);
        result = found.GetValueOrDefault();
        return found is not null;
    }

    /// <summary><c>auto</c>, <c>cpu</c> or <c>cuda:N</c>.</summary>
    public override string ToString() => Kind switch
    {
        SwanDeviceKind.Auto => "auto",
        SwanDeviceKind.Cpu => "cpu",
        _ => string.Create(CultureInfo.InvariantCulture, $"cuda:{Index}"),
    };

    private static SwanDevice? Find(string text) => text.ToLowerInvariant() switch
    {
        "auto" => Auto,
        "cpu" => Cpu,
        "cuda" => Cuda(0),
        var cuda when cuda.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(cuda.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index) => Cuda(index),
        _ => null,
    };
}
