using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Swan.MLNet;
using Swan.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Weights;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_written_is_read_back_bit_for_bit()
    {
        string path = _folder.File("a.safetensors");
        Tensor matrix = tensor(FormulaWeights.Uniform("matrix", 12)).view(3, 4);
        SafeTensors.Write(path, new Dictionary<string, Tensor>
        {
            ["transposed"] = matrix.transpose(0, 1), // not contiguous
            ["count"] = tensor(long.MaxValue),
            ["none"] = zeros(0, 5),
            ["strange"] = tensor(new[] { float.NaN, float.PositiveInfinity, -0f, float.Epsilon }),
            ["parameter"] = nn.Parameter(matrix.clone()),
        }, new Dictionary<string, string> { ["made by"] = "a test, \"quoted\" – é" });

        IReadOnlyDictionary<string, Tensor> read = SafeTensors.Read(path);
        Assert.Equal(["count", "none", "parameter", "strange", "transposed"], read.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([4L, 3L], read["transposed"].shape);
        Assert.Equal(matrix.transpose(0, 1).contiguous().data<float>().ToArray(), read["transposed"].data<float>().ToArray());
        Assert.Equal((long.MaxValue, 0), (read["count"].item<long>(), read["count"].dim()));
        Assert.Equal([0L, 5L], read["none"].shape);
        Assert.Equal(new[] { float.NaN, float.PositiveInfinity, -0f, float.Epsilon }.Select(BitConverter.SingleToInt32Bits),
            read["strange"].data<float>().ToArray().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal("a test, \"quoted\" – é", Assert.Single(SafeTensors.ReadMetadata(path)).Value);
    }

    [Fact]
    public void Half_precision_becomes_float32()
    {
        string path = Raw(
            """{"half":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"brain":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]}}""",
            [0x00, 0x3E, 0x00, 0xC0, 0xC0, 0x3F, 0x00, 0xC0]);
        IReadOnlyDictionary<string, Tensor> read = SafeTensors.Read(path);
        Assert.Equal([1.5f, -2f], read["half"].data<float>().ToArray());
        Assert.Equal([1.5f, -2f], read["brain"].data<float>().ToArray());
    }

    [Fact]
    public void Tensors_of_other_types_are_not_written_and_leave_no_file()
    {
        string path = _folder.File("b.safetensors");
        var e = Assert.Throws<ArgumentException>(
            () => SafeTensors.Write(path, new Dictionary<string, Tensor> { ["mask"] = zeros(2, ScalarType.Bool) }));
        Assert.Contains("'mask' is Bool", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FullName));
    }

    // Each with what the message must say. Eight bytes of data follow the header.
    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "'b' at bytes 4–8, over the one before it")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'a' at bytes 4–8, with a gap before it")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "8 bytes of tensors, but its header describes 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "cut short")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "3, so 12 bytes) at bytes 0–8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "at bytes 8–0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "at bytes -8–0")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[-9223372036854775808,9223372036854775807]}}""", "at bytes -9223372036854775808")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "can't be read; expected at most")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", "can't be read; expected at most")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,2,0],"data_offsets":[0,8]}}""", "can't be read; expected at most")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", "'a' as F64; expected F32, F16, BF16 or I64")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "no readable dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":"2","data_offsets":[0,8]}}""", "no readable dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "no readable dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0.5,8.5]}}""", "no readable dtype, shape and data_offsets")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}""", "no readable dtype, shape and data_offsets")]
    [InlineData("""{"a":null}""", "no readable dtype, shape and data_offsets")]
    [InlineData("""{"a":7}""", "no readable dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        "not a safetensors file")]
    [InlineData("""[1,2]""", "not a JSON object")]
    [InlineData("""{"a":""", "not a safetensors file")]
    public void A_damaged_header_is_refused(string header, string message)
    {
        string path = Raw(header, new byte[8]);
        var e = Assert.Throws<SwanFormatException>(() => SafeTensors.Read(path));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        string path = Whole();
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<SwanFormatException>(() => SafeTensors.Read(path));
        }

        File.WriteAllBytes(path, [.. whole, 0]);
        Assert.Contains(
            "extra bytes follow", Assert.Throws<SwanFormatException>(() => SafeTensors.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_damaged_bytes_is_read_or_refused_but_breaks_nothing()
    {
        string path = Whole();
        byte[] whole = File.ReadAllBytes(path);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 4].Sample(changes =>
        {
            byte[] damaged = [.. whole];
            foreach ((int at, byte value) in changes) damaged[at] = value;
            string file = _folder.File("damaged.safetensors");
            File.WriteAllBytes(file, damaged);
            try
            {
                foreach (Tensor tensor in SafeTensors.Read(file).Values) tensor.Dispose();
            }
            catch (SwanFormatException)
            {
                // refused, as it may be
            }
        }, iter: 5000, threads: 1);
    }

    private string Whole()
    {
        string path = _folder.File("whole.safetensors");
        SafeTensors.Write(path, new Dictionary<string, Tensor> { ["a"] = zeros(3), ["b"] = zeros(2, 2), ["c"] = tensor(5L) });
        return path;
    }

    private string Raw(string header, byte[] data)
    {
        string path = _folder.File("raw.safetensors");
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, Encoding.UTF8.GetByteCount(header));
        File.WriteAllBytes(path, [.. length, .. Encoding.UTF8.GetBytes(header), .. data]);
        return path;
    }
}
