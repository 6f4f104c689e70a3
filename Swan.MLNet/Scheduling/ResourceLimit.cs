using System.Globalization;

namespace Swan.MLNet.Scheduling;

/// <summary>The range, the default and the environment variable of a property of <see cref="SwanResources"/>.</summary>
/// <param name="Property">Its name.</param>
/// <param name="Variable">The environment variable that gives its first value.</param>
/// <param name="Min">The least value.</param>
/// <param name="Max">The highest value.</param>
/// <param name="Default">Its value where the variable is not set.</param>
internal sealed record ResourceLimit(string Property, string Variable, long Min, long Max, Func<long> Default)
{
    private const int MaxDegree = 4096;

    public static ResourceLimit Decodes { get; } =
        new(nameof(SwanResources.MaxDecodes), "SWAN_MAX_DECODES", 1, MaxDegree, () => Environment.ProcessorCount);

    public static ResourceLimit Reads { get; } =
        new(nameof(SwanResources.MaxReads), "SWAN_MAX_READS", 1, MaxDegree, () => Math.Max(16, 4 * Environment.ProcessorCount));

    public static ResourceLimit EncoderThreads { get; } =
        new(nameof(SwanResources.EncoderThreads), "SWAN_ENCODER_THREADS", 1, MaxDegree, () => Environment.ProcessorCount);

    // The available memory is the container's limit, if any, as .NET counts it.
    public static ResourceLimit PictureBytes { get; } = new(
        nameof(SwanResources.MaxPictureBytes), "SWAN_MAX_PICTURE_BYTES", 1L << 20, 1L << 50,
        () => Math.Max(64L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4));

    // ONNX Runtime takes 32 bits.
    public static ResourceLimit EncoderBytes { get; } = new(
        nameof(SwanResources.MaxEncoderBytes), "SWAN_MAX_ENCODER_BYTES", 16L << 20, uint.MaxValue,
        () => Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, 256L << 20, 2L << 30));

    /// <summary>The value to begin with.</summary>
    /// <exception cref="SwanOptionsException">The environment variable can't be understood or is out of range.</exception>
    public long FromEnvironment() =>
        EnvironmentVariable.Read(Variable, Parse, Range, $"to take the default ({Default()})") ?? Default();

    /// <summary>Refuses a value that is out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is.</exception>
    public long Checked(long value) => value >= Min && value <= Max
        ? value
        : throw new ArgumentOutOfRangeException(Property, value, $"{nameof(SwanResources)}.{Property} is {value}; expected {Range}.");

    private string Range => $"a whole number from {Min} to {Max}";

    private long Parse(string text)
    {
        long value = long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        return value >= Min && value <= Max ? value : throw new OverflowException($"{value} is not {Range}.");
    }
}
