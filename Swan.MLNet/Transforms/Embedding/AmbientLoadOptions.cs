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

    // Where one pipeline's living indexes are.
    private static readonly AsyncLocal<IndexPlaces?> Places = new();

    /// <summary>Whether what is being loaded will not be saved.</summary>
    public static bool ServesOnly => Asked.Value is { ServesOnly: true };

    /// <summary>Where a living index is on this machine.</summary>
    /// <param name="saved">Where it was when the pipeline was saved.</param>
    /// <exception cref="SwanOptionsException">One folder is given for several indexes.</exception>
    public static string IndexFolder(string saved) => Places.Value?.Of(saved) ?? saved;

    /// <summary>Loads with overrides; what a transformer refuses comes out as itself, not wrapped as a failed invocation.</summary>
    /// <param name="options">The overrides; null: none.</param>
    /// <param name="load">Loads.</param>
    /// <param name="close">Closes what was loaded, where the overrides don't fit it.</param>
    /// <exception cref="SwanOptionsException">The overrides name an index that the pipeline doesn't refer to.</exception>
    public static T Run<T>(SwanLoadOptions? options, Func<T> load, Action<T> close)
    {
        (SwanLoadOptions? before, IndexPlaces? placesBefore) = (Asked.Value, Places.Value);
        var places = new IndexPlaces(options?.IndexFolder, options?.IndexFolders);
        (Asked.Value, Places.Value) = (options, places);
        try
        {
            T loaded = load();
            if (places.Unused is not { } fault) return loaded;
            close(loaded);
            throw fault;
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
            (Asked.Value, Places.Value) = (before, placesBefore);
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
            ? EncoderOptions.AsRequested
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
