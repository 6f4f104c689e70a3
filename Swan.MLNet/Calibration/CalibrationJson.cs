using System.Text.Json;
using System.Text.Json.Serialization;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Calibration;

/// <summary>A calibration as an entry of a model file. docs/spec/model-file.md specifies it.</summary>
internal static class CalibrationJson
{
    private const int Version = 1;

    // Products with features, which are below 100, stay numbers. Fitted weights are below 1,000.
    private const double LargestWeight = 1e9;

    public static byte[] Write(SwanCalibration calibration) => JsonSerializer.SerializeToUtf8Bytes(
        new Entry
        {
            Version = Version,
            Model = calibration.Model.Fingerprint,
            Fitted = calibration.Origin.Fitted,
            FittedWith = calibration.Origin.FittedWith,
            BankData = calibration.Origin.Bank,
            BankDigest = calibration.Origin.BankDigest,
            Seed = calibration.Origin.Seed,
            MinProbability = calibration.DefaultMinProbability,
            Any = Weights(calibration.Any),
            Hit = Weights(calibration.Hit),
            Words = string.Join(' ', calibration.Words.InOrder),
            Bank = ImageBank.Encode(calibration.Bank.Rows, calibration.Bank.Dimension),
        }, CalibrationJsonContext.Default.Entry);

    public static SwanCalibration Read(ReadOnlySpan<byte> json, SwanModelFile file)
    {
        ModelIdentity identity = file.Card.Identity!;
        try
        {
            Entry entry = JsonSerializer.Deserialize(json, CalibrationJsonContext.Default.Entry)
                ?? throw Refused(file, "is null", null);
            if (entry.Version != Version)
            {
                throw Refused(file, $"has version {entry.Version}; this version of Swan.MLNet reads {Version}", null,
                    "Update Swan.MLNet, or calibrate the model again.");
            }
            if (!string.Equals(entry.Model, identity.Fingerprint, StringComparison.Ordinal))
                throw Refused(file, $"is for the model {entry.Model}, but this is {identity.Fingerprint}", null);
            int size = file.Card.EmbeddingSize;
            ImageBank bank = ImageBank.Decode(entry.Bank, size)
                ?? throw Refused(file, $"has a bank of {entry.Bank.Length:N0} bytes, which are not whole rows of {size} values", null);
            if (!(entry.MinProbability is > 0 and < 1))
                throw Refused(file, $"has the minimum probability {entry.MinProbability}; expected a value between 0 and 1", null);
            return new SwanCalibration(
                identity, new SwanCalibrationOrigin(entry.Fitted, entry.FittedWith, entry.BankData, entry.Seed, entry.BankDigest), bank,
                Model(entry.Any, AnswerFeatures.OfAny, "any", file), Model(entry.Hit, AnswerFeatures.OfHit, "hit", file),
                entry.MinProbability, new KnownWords(entry.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }
        catch (JsonException e)
        {
            throw Refused(file, $"can't be read: {e.Message}", e);
        }
    }

    private static double[] Weights(LogisticModel model) => [model.Bias, .. model.Weights];

    private static LogisticModel Model(double[] weights, int features, string name, SwanModelFile file) =>
        weights.Length == features + 1 && Array.TrueForAll(weights, w => Math.Abs(w) <= LargestWeight)
            ? new LogisticModel(weights[0], weights[1..])
            : throw Refused(file, $"has {weights.Length} weights '{name}'; expected {features + 1} numbers of ordinary size", null);

    private static SwanFormatException Refused(
        SwanModelFile file, string what, Exception? inner, string remedy = "Calibrate the model again with 'swan calibrate'.") =>
        new($"'{ModelArchive.CalibrationEntry}' of '{file.Name}' {what}. It was not used, because its probabilities would be "
            + $"wrong. {remedy}", inner);

    /// <summary>The entry's fields.</summary>
    internal sealed record Entry
    {
        public required int Version { get; init; }
        public required string Model { get; init; }
        public required string Fitted { get; init; }
        public required string FittedWith { get; init; }
        public required string BankData { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? BankDigest { get; init; }

        public required int Seed { get; init; }
        public required double MinProbability { get; init; }
        public required double[] Any { get; init; }
        public required double[] Hit { get; init; }
        public required string Words { get; init; }
        public required byte[] Bank { get; init; }
    }
}

/// <summary>Reads and writes without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CalibrationJson.Entry))]
internal sealed partial class CalibrationJsonContext : JsonSerializerContext;
