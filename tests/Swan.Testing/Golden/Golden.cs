using System.Text.Json;

namespace Swan.Testing;

/// <summary>What the authors' implementation answers on weights and inputs made by formula (tests/golden).</summary>
internal static class Golden
{
    private static readonly Lazy<JsonElement> ForwardDocument = new(() => Read("forward-seed0.json"));
    private static readonly Lazy<JsonElement> MetricsDocument = new(() => Read("metrics-seed0.json"));

    public static JsonElement Forward => ForwardDocument.Value;

    public static JsonElement Metrics => MetricsDocument.Value;

    public static float[] Floats(this JsonElement array) => [.. array.EnumerateArray().Select(v => (float)v.GetDouble())];

    public static long[] Longs(this JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetInt64())];

    /// <summary>The largest absolute difference over the largest expected magnitude.</summary>
    public static double RelativeDifference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0, scale = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs((double)expected[i] - actual[i]));
            scale = Math.Max(scale, Math.Abs(expected[i]));
        }

        return difference / scale;
    }

    private static JsonElement Read(string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "golden", name));
        return JsonDocument.Parse(file).RootElement.Clone();
    }
}
