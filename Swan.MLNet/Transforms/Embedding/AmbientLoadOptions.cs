using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Swan.MLNet.Encoders;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Transforms;

/// <summary>Brings a machine's decisions to the transformers that ML.NET makes while it loads a pipeline.</summary>
internal static class AmbientLoadOptions
{
    public const string DeviceVariable = "SWAN_DEVICE";
    public const string ThreadsVariable = "SWAN_THREADS";
    public const string BatchSizeVariable = "SWAN_BATCH_SIZE";

    private const string Remedy =
        $"or load the pipeline for 'auto' or 'cpu', with mlContext.Swan().LoadPipeline or the environment variable {DeviceVariable}.";

    // ML.NET passes nothing of a caller's to a loader; loading happens in the caller's own thread.
    private static readonly AsyncLocal<SwanLoadOptions?> Asked = new();

    /// <summary>Whether what is being loaded will not be saved.</summary>
    public static bool ServesOnly => Asked.Value is { ServesOnly: true };

    /// <summary>Where a living index is on this machine; null: where it was when the pipeline was saved.</summary>
    public static string? IndexFolder => Asked.Value?.IndexFolder;

    /// <summary>Loads with overrides; what a transformer refuses comes out as itself, not wrapped as a failed invocation.</summary>
    public static T Run<T>(SwanLoadOptions? options, Func<T> load)
    {
        SwanLoadOptions? before = Asked.Value;
        Asked.Value = options;
        try
        {
            return load();
        }
        catch (TargetInvocationException e)
        {
            Exception cause = e;
            while (cause is TargetInvocationException { InnerException: { } inner }) cause = inner;
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
        finally
        {
            Asked.Value = before;
        }
    }

    /// <summary>Overrides saved options, and says who chose the device.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An override is out of range.</exception>
    /// <exception cref="SwanOptionsException">An environment variable can't be understood.</exception>
    public static (SwanEmbeddingOptions Options, SwanModelOptions Opening) Apply(SwanEmbeddingOptions saved)
    {
        SwanLoadOptions asked = Asked.Value ?? new SwanLoadOptions();
        SwanDevice? device = Variable(DeviceVariable, SwanDevice.Parse, "auto, cpu, cuda or cuda:N");
        SwanEmbeddingOptions options = saved.Copy();
        options.Device = asked.Device ?? device ?? saved.Device;
        options.Threads = asked.Threads
            ?? Variable(ThreadsVariable, text => Number(text, 0, int.MaxValue), "0 (one per processor) or more") ?? saved.Threads;
        options.BatchSize = asked.BatchSize ?? Variable(BatchSizeVariable, text => Number(text, 1, 4096), "1 to 4096") ?? saved.BatchSize;
        options.AllowSpinning = asked.AllowSpinning ?? saved.AllowSpinning;
        options.ImageFolder = asked.ImageFolder ?? saved.ImageFolder;
        options.RestrictToImageFolder = asked.RestrictToImageFolder ?? saved.RestrictToImageFolder;
        options.MaxPixels = asked.MaxPixels ?? saved.MaxPixels;
        options.MaxBytes = asked.MaxBytes ?? saved.MaxBytes;
        options.CancellationToken = asked.CancellationToken;
        options.Check();
        string why = asked.Device is not null
            ? EncoderOptions.AsAsked
            : device is not null ? $"as {DeviceVariable} says" : "as saved with the pipeline";
        return (options, options.Opening with { DeviceReason = why, DeviceRemedy = Remedy });
    }

    private static int Number(string text, int least, int most)
    {
        int number = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        return number >= least && number <= most ? number : throw new OverflowException($"It must be {least} to {most}.");
    }

    private static T? Variable<T>(string name, Func<string, T> parse, string expected) where T : struct =>
        EnvironmentVariable.Read(name, parse, expected, "to load pipelines as they were saved");
}
