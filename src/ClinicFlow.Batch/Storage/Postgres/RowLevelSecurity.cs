namespace ClinicFlow.Batch.Storage.Postgres;

/// <summary>
/// Who may see which rows. The application's role owns nothing, cannot bypass row-level security, and sees the rows of
/// the user that the transaction names in <c>clinicflow.user_id</c>; without a name it sees none.
/// </summary>
internal static class RowLevelSecurity
{
    /// <summary>The role of users' work. A role belongs to a whole server, so its name has the database's in it.</summary>
    public static string AppRole(string database) => $"{database}_app";

    /// <summary>The role of the engine's own work.</summary>
    public static string EngineRole(string database) => $"{database}_engine";

    /// <summary>Makes the roles, the policies and the function. Run by the first migration; never changed once released.</summary>
    public const string Create = """
        do $do$
        declare
            app text := current_database() || '_app';
            engine text := current_database() || '_engine';
            name text;
            own text;
            may_become boolean;
        begin
            foreach name in array array[app, engine] loop
                if not exists (select from pg_roles where rolname = name) then
                    execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole noinherit', name);
                end if;
                may_become := pg_has_role(current_user, name, 'member');
                if may_become and current_setting('server_version_num')::integer >= 160000 then
                    -- From 16 on, who makes a role is a member that administers it, which alone does not let one become it.
                    execute format('select pg_has_role(current_user, %L, ''set'')', name) into may_become;
                end if;
                if not may_become then
                    execute format('grant %I to current_user', name);
                end if;
                execute format('grant usage on schema public to %I', name);
                execute format('grant temporary on database %I to %I', current_database(), name);
            end loop;

            execute format('grant select, insert, update, delete on batch_document_jobs, batch_document_requests, batch_request_data, batch_job_queue, batch_job_results, failed_document_requests, document_templates, document_template_versions to %I, %I', app, engine);
            execute format('grant insert on notification_outbox to %I', app);
            execute format('grant select, insert, update, delete on notification_outbox, data_keys to %I', engine);

            -- The audit log is added to, and never changed: nobody has the right to.
            execute format('grant insert on audit_log to %I', app);
            execute format('grant select, insert on audit_log to %I', engine);

            foreach name in array array['batch_document_jobs', 'batch_document_requests', 'batch_request_data', 'batch_job_queue', 'batch_job_results', 'failed_document_requests', 'notification_outbox', 'document_templates', 'document_template_versions', 'data_keys', 'audit_log'] loop
                execute format('alter table %I enable row level security', name);
                execute format('create policy engine_all on %I to %I using (true) with check (true)', name, engine);
            end loop;

            execute format('create policy app_own on batch_document_jobs to %I using (created_by = current_setting(''clinicflow.user_id'', true)) with check (created_by = current_setting(''clinicflow.user_id'', true))', app);

            -- Nobody queues somebody else's job as one's own.
            execute format('create policy app_own on batch_job_queue to %I using (created_by = current_setting(''clinicflow.user_id'', true)) with check (created_by = current_setting(''clinicflow.user_id'', true) and job_id in (select id from batch_document_jobs where created_by = current_setting(''clinicflow.user_id'', true)))', app);

            foreach name in array array['batch_document_requests', 'batch_request_data', 'batch_job_results', 'failed_document_requests', 'notification_outbox'] loop
                execute format('create policy app_own on %I to %I using (job_id in (select id from batch_document_jobs where created_by = current_setting(''clinicflow.user_id'', true))) with check (job_id in (select id from batch_document_jobs where created_by = current_setting(''clinicflow.user_id'', true)))', name, app);
            end loop;

            execute format('create policy app_own on audit_log for insert to %I with check (actor = current_setting(''clinicflow.user_id'', true))', app);

            -- Templates are the clinic's: everybody uses them, and changes one's own. A version is its template's owner's,
            -- whoever uploaded it.
            foreach name in array array['document_templates', 'document_template_versions'] loop
                own := case name when 'document_templates' then 'created_by = current_setting(''clinicflow.user_id'', true)'
                    else 'template_id in (select id from document_templates where created_by = current_setting(''clinicflow.user_id'', true))' end;
                execute format('create policy app_read on %I for select to %I using (true)', name, app);
                execute format('create policy app_insert on %I for insert to %I with check (%s)', name, app, own);
                execute format('create policy app_update on %I for update to %I using (%s) with check (%s)', name, app, own, own);
                execute format('create policy app_delete on %I for delete to %I using (%s)', name, app, own);
            end loop;
        end
        $do$;

        -- Runs as the owner of the tables and gives figures only: how long the queue is, whoever's jobs wait in it.
        create function clinicflow_queue_tail(wanted_rank integer, owner text, out queue_size integer, out next_sequence bigint, out first_turn bigint, out own_last_turn bigint)
            language sql stable security definer set search_path = public, pg_temp
            as $fn$
                select (select count(*)::integer from batch_job_queue),
                       (select coalesce(max(sequence), 0) + 1 from batch_job_queue),
                       (select coalesce(min(turn), 0) from batch_job_queue where rank = wanted_rank),
                       (select max(turn) from batch_job_queue where rank = wanted_rank and created_by = owner)
            $fn$;
        -- The last entry of the audit log, which stays the last until the end of the transaction. In PL/pgSQL each statement
        -- sees what was committed before it, so what the lock waited for is seen.
        create function clinicflow_audit_tail(out last_sequence bigint, out last_hash text)
            language plpgsql volatile security definer set search_path = public, pg_temp
            as $fn$
            begin
                perform pg_advisory_xact_lock(4858366463245639540);
                select sequence, hash into last_sequence, last_hash from audit_log order by sequence desc limit 1;
                last_sequence := coalesce(last_sequence, 0);
            end
            $fn$;
        create function clinicflow_audit_is_append_only() returns trigger language plpgsql as $fn$ begin raise exception 'audit_log is append-only'; end $fn$;
        create trigger audit_log_append_only before update or delete or truncate on audit_log for each statement execute function clinicflow_audit_is_append_only();
        do $do$
        begin
            revoke all on function clinicflow_audit_tail() from public;
            execute format('grant execute on function clinicflow_audit_tail() to %I, %I', current_database() || '_app', current_database() || '_engine');
            revoke all on function clinicflow_queue_tail(integer, text) from public;
            execute format('grant execute on function clinicflow_queue_tail(integer, text) to %I, %I', current_database() || '_app', current_database() || '_engine');
        end
        $do$;
        """;
}
