using Swan.MLNet.Encoders;

namespace Swan.MLNet.Tests.Encoders;

public sealed class NativeOnnxRuntimeTests
{
    private static readonly Exception Cause = new TypeInitializationException(
        "Microsoft.ML.OnnxRuntime.NativeMethods", new InvalidOperationException("it does not support API version 31."));

    [Fact]
    public void The_native_library_of_these_tests_has_the_version_that_is_needed() =>
        Assert.Equal(NativeOnnxRuntime.Needed, NativeOnnxRuntime.Find());

    [Fact]
    public void A_native_library_that_is_too_old_is_named_with_both_versions()
    {
        string message = NativeOnnxRuntime.Unusable("1.30.0", Cause).Message;
        Assert.Contains("is version 1.30.0", message, StringComparison.Ordinal);
        Assert.Contains($"needs {NativeOnnxRuntime.Needed} or later", message, StringComparison.Ordinal);
        Assert.EndsWith("Cause: it does not support API version 31.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_native_library_names_the_packages_that_have_one()
    {
        string message = NativeOnnxRuntime.Unusable(null, Cause).Message;
        Assert.Contains("can't be loaded", message, StringComparison.Ordinal);
        Assert.Contains("reference the package Microsoft.ML.OnnxRuntime (CPU) or", message, StringComparison.Ordinal);
    }
}
