using Swan.Training.Native;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Native;

public sealed class LibTorchWarningsTests
{
    private const string Marker = "-- hushed --";

    [Fact]
    public void Libtorch_writes_no_warning_while_it_is_hushed_and_writes_it_afterward()
    {
        string errors = ChildProcess.Passes(
            typeof(LibTorchWarningsTests).Assembly.Location, typeof(LibTorchWarningsTests), nameof(Warn_twice));
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
