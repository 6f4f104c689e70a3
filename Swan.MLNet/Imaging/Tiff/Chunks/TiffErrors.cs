using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>
/// Keeps LibTiff.NET, whose one error handler belongs to the process, from printing about our files; other users' messages go on to the
/// handler that was there.
/// </summary>
internal sealed class TiffErrors : TiffErrorHandler
{
    private static readonly TiffErrors Installed = new();

    [ThreadStatic]
    private static bool t_ours;

    private readonly TiffErrorHandler? _other;

    private TiffErrors() => _other = Tiff.SetErrorHandler(this);

    /// <summary>One that is not installed.</summary>
    /// <param name="other">Where messages about other users' files go.</param>
    internal TiffErrors(TiffErrorHandler other) => _other = other;

    /// <summary>Runs decoding code on this thread without messages: our problems become exceptions with the file's name.</summary>
    public static T Silence<T>(Func<T> decode)
    {
        _ = Installed;
        bool outer = t_ours;
        t_ours = true;
        try
        {
            return decode();
        }
        finally
        {
            t_ours = outer;
        }
    }

    public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
    {
        if (!t_ours) _other?.ErrorHandler(tif, method, format, args);
    }

    public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
    {
        if (!t_ours) _other?.ErrorHandlerExt(tif, clientData, method, format, args);
    }

    public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
    {
        if (!t_ours) _other?.WarningHandler(tif, method, format, args);
    }

    public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
    {
        if (!t_ours) _other?.WarningHandlerExt(tif, clientData, method, format, args);
    }
}
