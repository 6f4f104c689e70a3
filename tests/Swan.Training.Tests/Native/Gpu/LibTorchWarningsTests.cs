using System.Diagnostics;
using Swan.Training.Native;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Native;

public sealed class LibTorchWarningsTests
{
    private const string Marker = "-- hushed --";

    [Fact]
    public async Task Libtorch_writes_no_warning_while_it_is_hushed_and_writes_it_afterward()
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Swan.Training.Tests.dll"), "-method",
                $"{typeof(LibTorchWarningsTests).FullName}.{nameof(Warn_twice)}", "-explicit", "only", "-noColor"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + errors);
        string[] sides = errors.Split(Marker);
        Assert.Equal(2, sides.Length);
        Assert.DoesNotContain("not a leaf Tensor", sides[0], StringComparison.Ordinal);
        Assert.Contains("not a leaf Tensor", sides[1], StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Warn_twice()
    {
        Assert.SkipUnless(LibTorchWarnings.Least is not null, "This libtorch doesn't show its level of warnings.");
        int before = LibTorchWarnings.Least!.Value;
        IDisposable first = LibTorchWarnings.Hush()!, second = LibTorchWarnings.Hush()!;
        Warn();
        first.Dispose(); // as another training of the process would, in any order
        first.Dispose();
        Warn();
        second.Dispose();
        Assert.Equal(before, LibTorchWarnings.Least);
        Console.Error.Write(Marker);
        Warn();
    }

    // As libtorch does for a GRU on a GPU, it warns of this at each call.
    private static void Warn()
    {
        using var scope = NewDisposeScope();
        _ = ones(1).requires_grad_().exp().grad;
    }
}
