namespace ClinicFlow.Batch.Storage.Postgres;

/// <summary>
/// Records what became of requests, row by row, each found by its key. One UPDATE that joins the rows of a commit would
/// be planned by statistics that know nothing of a job that has just come in: it reads the whole job for each commit.
/// </summary>
internal static class RequestOutcomesFunction
{
    /// <summary>
    /// Keeps merge data of a few kilobytes in its row: it is written once and read once, and from 2 KB on PostgreSQL would
    /// put it into a table of its own and look each piece up there. Run by the first migration.
    /// </summary>
    public const string KeepDataInRows = "alter table batch_request_data set (toast_tuple_target = 8160)";

    /// <summary>Makes the function. Run by the first migration; never changed once released.</summary>
    public const string Create = """
        -- Its plan is made once a session, maybe while the table is nearly empty: it is to use the key all the same.
        create function clinicflow_record_outcomes(
                of_job uuid, at timestamptz, indexes integer[], states text[], attempt_counts integer[], failure_counts integer[], retries_at timestamptz[],
                codes text[], messages text[], files text[], byte_counts bigint[], page_counts integer[], elapsed integer[])
            returns void language plpgsql volatile
            set search_path = public, pg_temp set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
            as $fn$
            declare
                o record;
            begin
                for o in select * from unnest(indexes, states, attempt_counts, failure_counts, retries_at, codes, messages, files, byte_counts, page_counts, elapsed)
                    as outcome (index, state, attempts, failures, retry_at, code, message, files, bytes, pages, elapsed)
                loop
                    update batch_document_requests
                       set state = o.state, attempts = o.attempts, failures = o.failures, retry_at = o.retry_at, last_attempt_at = at, error_code = o.code, error_message = o.message,
                           output_files = o.files, bytes = o.bytes, pages = o.pages, elapsed_ms = o.elapsed
                     where job_id = of_job and request_index = o.index;
                end loop;
            end
            $fn$;
        do $do$
        begin
            revoke all on function clinicflow_record_outcomes from public;
            execute format('grant execute on function clinicflow_record_outcomes to %I', current_database() || '_engine');
        end
        $do$;
        """;
}
