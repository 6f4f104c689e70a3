using System.Net.Sockets;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

/// <summary>Which input and output errors are the row's, and which the machine's.</summary>
public sealed class MachineFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public MachineFaultTests() => _model = TinyModel.Write(_folder.FullName);

    public static TheoryData<string, SwanOnError> Machine =>
        [.. Errors.Where(e => e.IsMachine).SelectMany(e => Enum.GetValues<SwanOnError>().Select(p => (e.Name, p)))];

    public static TheoryData<string> Row => [.. Errors.Where(e => !e.IsMachine).Select(e => e.Name)];

    private static IEnumerable<(string Name, bool IsMachine, Exception Error)> Errors
    {
        get
        {
            if (!OperatingSystem.IsWindows())
            {
                yield return ("EIO", true, Code(5));
                yield return ("ENOMEM", true, Code(12));
                yield return ("ENODEV", true, Code(19));
                yield return ("ENFILE", true, Code(23));
                yield return ("EMFILE", true, Code(24));
                yield return ("ENOSPC", true, Code(28));
                yield return ("a stale handle", true, Code(OperatingSystem.IsLinux() ? 116 : 70));
                yield return ("a network that is down", true, Code(OperatingSystem.IsLinux() ? 100 : 50));
                yield return ("a mount that is gone", true, Code(OperatingSystem.IsLinux() ? 107 : 57));
                yield return ("a host that times out", true, Code(OperatingSystem.IsLinux() ? 110 : 60));
                yield return ("EISDIR", false, Code(21));
                yield return ("EINVAL", false, Code(22));
                yield return ("a lock", false, Code(OperatingSystem.IsLinux() ? 11 : 35));
                yield return ("ENAMETOOLONG", false, Code(OperatingSystem.IsLinux() ? 36 : 63));
            }
            yield return ("Windows: too many open files", true, Windows(4));
            yield return ("Windows: a checksum of the disk", true, Windows(23));
            yield return ("Windows: a network name is gone", true, Windows(64));
            yield return ("Windows: a full disk", true, Windows(112));
            yield return ("Windows: a device fails", true, Windows(1117));
            yield return ("Windows: file not found", false, Windows(2));
            yield return ("Windows: a sharing violation", false, Windows(32));
            yield return ("Windows: a lock violation", false, Windows(33));
            yield return ("a connection that is closed", true, new IOException("read", new SocketException(104)));
            yield return ("a full disk below", true, new InvalidDataException("archive", Windows(112)));
            yield return ("an assembly that is missing", true,
                new FileNotFoundException("Could not load file or assembly", "A, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null"));
            yield return ("an assembly that does not load", true, new FileLoadException());
            yield return ("FileNotFoundException", false, new FileNotFoundException());
            yield return ("DirectoryNotFoundException", false, new DirectoryNotFoundException());
            yield return ("PathTooLongException", false, new PathTooLongException());
            yield return ("EndOfStreamException", false, new EndOfStreamException());
            yield return ("UnauthorizedAccessException", false, new UnauthorizedAccessException("closed", Code(13)));
            yield return ("an error without a code", false, new IOException("the archive's entry is damaged"));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Machine))]
    public void Errors_of_the_machine_throw_whatever_the_policy(string name, SwanOnError onError)
    {
        Exception cause = Find(name);
        Exception e = Assert.ThrowsAny<Exception>(() => Read(onError, cause).Count());
        Assert.Contains("Row 1 (column 'Text')", e.Message, StringComparison.Ordinal);
        Assert.Contains("nothing is wrong with the row itself", e.Message, StringComparison.Ordinal);
        Assert.Same(cause, e.InnerException);
        // With it, whoever runs the pass knows that it can be tried again.
        if (cause is IOException) Assert.Equal(cause.HResult, Assert.IsType<IOException>(e).HResult);
    }

    [Theory]
    [MemberData(nameof(Row))]
    public void Errors_of_one_file_are_faults_of_its_row(string name)
    {
        Exception cause = Find(name);
        Assert.Equal([0f, 2f], Read(SwanOnError.Skip, cause).Select(r => r.Number));
        Assert.StartsWith($"{cause.GetType().Name}: ", Read(SwanOnError.Missing, cause)[1].EmbeddingError, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_whose_files_fail_is_no_bad_image()
    {
        using SwanModel model = SwanModel.Open(_model);
        IOException cause = Code(5);
        Assert.Same(cause, Record.Exception(() => model.EmbedImages(3, Stream (_) => throw cause)));
    }

    [Theory]
    [InlineData("files")]
    [InlineData("LoadImages")]
    public void A_process_without_file_handles_throws_instead_of_skipping_rows(string step)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such limit.");
        string[] files = [.. Enumerable.Range(0, 6).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i))];
        IDataView data = Texts(files);
        var options = new SwanEmbeddingOptions { OnError = SwanOnError.Skip };
        ITransformer pipeline = step == "files"
            ? _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, options).Fit(data)
            : _ml.Transforms.LoadImages("Image", null, "Text")
                .Append(_ml.Transforms.SwanEmbedding("Embedding", "Image", _model, options)).Fit(data);
        string saved = _folder.File("pipeline.zip");
        _ml.Model.Save(pipeline, data.Schema, saved);
        // The hard limit, too: .NET raises the other one.
        string output = LoadOnlyProcess.Start(
            new Dictionary<string, string>(), "/bin/sh",
            ["-c", "ulimit -n 256 && exec dotnet \"$@\"", "sh", LoadOnlyProcess.Program, saved, "--no-more-files", "Text", .. files]);
        Assert.StartsWith("6 rows, then IOException: Row 0 (column '", output, StringComparison.Ordinal);
        Assert.Contains("Too many open files", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_only_wrong_themselves_stay_bad_images()
    {
        string folder = Directory.CreateDirectory(_folder.File("folder.png")).FullName;
        Is(ImageFault.Unreadable, folder, "it is a folder");
        Is(ImageFault.Missing, _folder.File("none.png"), "there is no such file");
        Is(ImageFault.Missing, Path.Combine(TinyImages.Write(_folder.FullName, "a.png", 1), "b.png"), "there is no such file");
        Is(ImageFault.Unreadable, _folder.File(new string('a', 5000)), "can't be read");
        Is(ImageFault.Unreadable, "a\0b.png", "can't be read");

        static void Is(ImageFault fault, string path, string words)
        {
            SwanImageException e = Assert.Throws<SwanImageException>(() => ImageDecoder.Decode(path));
            Assert.Equal(fault, e.Fault);
            Assert.Contains(words, e.Message, StringComparison.Ordinal);
        }
    }

    private static Exception Find(string name) => Errors.First(e => e.Name == name).Error;

    // As .NET makes them on Unix, and on Windows.
    private static IOException Code(int errno) => new($"the system's error {errno}", errno);

    private static IOException Windows(int code) => new($"the system's error {code}", unchecked((int)0x80070000) | code);

    private ErrorRow[] Read(SwanOnError onError, Exception cause)
    {
        IDataView data = Texts(["river", "green river", "river"]);
        var options = new SwanEmbeddingOptions { OnError = onError, Input = SwanInput.Caption };
        using SwanEmbeddingTransformer step = _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, options).Fit(data);
        return [.. _ml.Data.CreateEnumerable<ErrorRow>(
            step.Transform(new FailingColumn(data, "Text", row: 1, cause)), reuseRowObject: false, ignoreMissingColumns: true)];
    }

    private IDataView Texts(string[] texts) =>
        _ml.Data.LoadFromEnumerable(texts.Select((t, i) => new TextRow { Text = t, Number = i }).ToArray());
}
