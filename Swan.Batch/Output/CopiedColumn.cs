using Parquet;
using Parquet.Schema;

namespace Swan.Batch.Output;

/// <summary>A column on its way from some Parquet files into another one: values of rows that are chosen.</summary>
internal abstract class CopiedColumn
{
    /// <summary>The field that is written.</summary>
    public abstract Field Field { get; }

    /// <summary>How many values a row has.</summary>
    public virtual int Width => 1;

    /// <summary>As <see cref="ListColumn{T}.Ranges"/>.</summary>
    public virtual IReadOnlyList<(Half Least, Half Largest)>? Ranges => null;

    /// <summary>The column for a field; null where there is none.</summary>
    /// <param name="field">What a file of rows has at its first level.</param>
    public static CopiedColumn? Create(Field field) => field switch
    {
        ListField { Item: DataField item } when item.ClrType == typeof(float) => new Lists<float>(field.Name, FloatLists.ReadAsync<float>),
        ListField { Item: DataField item } when Float16Field.Is(item) => new Lists<Half>(field.Name, FloatLists.ReadHalvesAsync),
        DataField data when data.ClrType == typeof(string) || data.ClrType == typeof(ReadOnlyMemory<char>) => new Texts(data),
        DateTimeDataField time => new Values<DateTime>(new DateTimeDataField(
            time.Name, time.DateTimeFormat, time.IsAdjustedToUTC, time.Unit, time.IsNullable)),
        DataField data when data.ClrType == typeof(long) => Of<long>(data),
        DataField data when data.ClrType == typeof(int) => Of<int>(data),
        DataField data when data.ClrType == typeof(float) => Of<float>(data),
        DataField data when data.ClrType == typeof(double) => Of<double>(data),
        DataField data when data.ClrType == typeof(bool) => Of<bool>(data),
        _ => null,
    };

    /// <summary>Begins another file: what was written is of the one before.</summary>
    public virtual void BeginFile()
    {
    }

    /// <summary>Reads a row group, to choose rows of.</summary>
    public abstract Task ReadAsync(ParquetSchema schema, ParquetRowGroupReader group, CancellationToken cancellation);

    /// <summary>Takes a row of the group that was read.</summary>
    public abstract void Add(int row);

    /// <summary>Writes what was taken, and forgets it.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group);

    private static Values<T> Of<T>(DataField field) where T : struct => new(new DataField<T>(field.Name, field.IsNullable));

    private sealed class Values<T>(DataField own) : CopiedColumn where T : struct
    {
        private readonly List<T?> _taken = [];
        private T?[] _read = [];

        public override Field Field => own;

        public override async Task ReadAsync(ParquetSchema schema, ParquetRowGroupReader group, CancellationToken cancellation)
        {
            DataField read = schema.FindDataField(own.Name);
            if (own.IsNullable)
            {
                _read = new T?[group.RowCount];
                await group.ReadAsync<T>(read, (Memory<T?>)_read, cancellationToken: cancellation).ConfigureAwait(false);
                return;
            }
            var there = new T[group.RowCount];
            await group.ReadAsync<T>(read, (Memory<T>)there, cancellationToken: cancellation).ConfigureAwait(false);
            _read = Array.ConvertAll(there, value => (T?)value);
        }

        public override void Add(int row) => _taken.Add(_read[row]);

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            T[] there = own.IsNullable ? [] : [.. _taken.Select(value => value!.Value)];
            if (own.IsNullable) await group.WriteAsync<T>(own, (ReadOnlyMemory<T?>)_taken.ToArray()).ConfigureAwait(false);
            else await group.WriteAsync<T>(own, (ReadOnlyMemory<T>)there).ConfigureAwait(false);
            _taken.Clear();
        }
    }

    private sealed class Texts(DataField like) : CopiedColumn
    {
        private readonly DataField<string> _field = new(like.Name, like.IsNullable);
        private readonly List<string?> _taken = [];
        private string?[] _read = [];

        public override Field Field => _field;

        public override async Task ReadAsync(ParquetSchema schema, ParquetRowGroupReader group, CancellationToken cancellation)
        {
            _read = new string?[group.RowCount];
            DataField read = schema.FindDataField(_field.Name);
            await group.ReadAsync(read, _read.AsMemory()!, cancellationToken: cancellation).ConfigureAwait(false);
        }

        public override void Add(int row) => _taken.Add(_read[row]);

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync(_field, _taken!).ConfigureAwait(false);
            _taken.Clear();
        }
    }

    private sealed class Lists<T>(string name, Func<ParquetRowGroupReader, DataField, CancellationToken, Task<T[]>> read) : CopiedColumn
        where T : unmanaged
    {
        private readonly ListColumn<T> _lists = new(name);
        private T[] _read = [];

        public override Field Field => _lists.Field;

        public override int Width => _lists.Width;

        public override IReadOnlyList<(Half Least, Half Largest)>? Ranges => _lists.Ranges;

        public override void BeginFile() => _lists.BeginFile();

        public override async Task ReadAsync(ParquetSchema schema, ParquetRowGroupReader group, CancellationToken cancellation)
        {
            DataField field = schema.GetDataFields().First(f => f.Path.FirstPart == Field.Name);
            _read = await read(group, field, cancellation).ConfigureAwait(false);
            if (group.RowCount > 0) _lists.Width = _read.Length / (int)group.RowCount;
        }

        public override void Add(int row) => _read.AsSpan(row * Width, Width).CopyTo(_lists.Next());

        public override Task WriteAsync(ParquetRowGroupWriter group) => _lists.WriteAsync(group);
    }
}
